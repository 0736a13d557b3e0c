import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { startRedis, startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { startLookups } from "../../support/lookups.ts";
import { type SecretsManager, startSecretsManager } from "../../support/secrets-manager.ts";

it("what the worker has fetched is answered with no request", async () => {
  const redis = await startRedis();
  const { sandbox, ask } = await startLookups({ environment: { REDIS_URL: redis.url } });
  startWorker({ ...sandbox.environment, REDIS_URL: redis.url });
  const body = sampleBody("customer-start-voice");
  const ids = JSON.parse(body).detail.eventBody;
  sandbox.genesys.addConversation(ids);
  const { client, queue } = sandbox.sqs;
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
  const { written } = await sandbox.genesys.nextPatch(ids.conversationId);
  const asked = { ...sandbox.oracle.counts };
  const phoneNumber = String(ids.ani).replace("tel:", "");
  expect((await ask({ phoneNumber })).body).toMatchObject({
    status: "success",
    data: { customerId: written?.oracle_customer_id, summary: written?.oracle_summary },
  });
  expect({ ...sandbox.oracle.counts, token: 0 }).toEqual({ ...asked, token: 0 });
  expect(redis.command("KEYS", "*")).not.toContain(phoneNumber.slice(1));
});

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ringahead/lookup-AbCdEf";
const [FIRST, SECOND] = ["first-value-of-the-secret", "second-value-of-the-secret"];

it("a rotated secret is taken up without a restart, and the one before stays good", async () => {
  const manager: SecretsManager = await startSecretsManager();
  onTestFinished(() => manager.close());
  manager.secrets.set(ARN, { text: FIRST, previous: FIRST });
  const { ask, serve } = await startLookups({
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      LOOKUP_SECRET: ARN,
      LOOKUP_SECRET_PREVIOUS: `${ARN}::AWSPREVIOUS:`,
    },
  });
  const status = async (bearer: string) =>
    (await ask({ phoneNumber: "+15550100042" }, { authorization: `Bearer ${bearer}` })).status;
  expect(await status(FIRST)).toBe(200);
  manager.secrets.set(ARN, { text: SECOND, previous: FIRST });
  expect(await status(SECOND)).toBe(200);
  expect(await status(FIRST)).toBe(200);
  // Looked for once a minute at most, however many strangers come.
  const looks = manager.asked.length;
  expect(await status("neither-of-the-two-values")).toBe(401);
  expect(manager.asked.length).toBe(looks);
  expect(JSON.stringify(serve.log)).not.toMatch(/value-of-the-secret/);
});

it("serve does not start without a secret, and lists every mistake", async () => {
  const serve = startWorker({ LOOKUP_DEADLINE_MS: "9000" }, { command: "serve" });
  expect(await serve.ended).toBe(2);
  expect(serve.errors).toMatch(/LOOKUP_SECRET is required/);
  expect(serve.errors).toMatch(/LOOKUP_DEADLINE_MS must be a whole number from 10 to 2900/);
  expect(serve.errors).not.toMatch(/QUEUE_URL/);
});
