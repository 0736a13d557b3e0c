import { expect, it, onTestFinished } from "vitest";
import { sampleCustomers } from "../../../src/sandbox/samples/sample-customers.ts";
import { startB2cSite } from "../../support/b2c-site.ts";
import { startConnectProxy } from "../../support/connect-proxy.ts";
import { startWorker } from "../../support/environment.ts";
import { startSecretsManager } from "../../support/secrets-manager.ts";
import { startWorld } from "../../support/world.ts";

const arn = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;

it("a history is fetched through a proxy with a private authority and a client certificate; the key is in Secrets Manager", async () => {
  const manager = await startSecretsManager();
  const proxy = await startConnectProxy({ login: "user:hunter2" });
  onTestFinished(async () => {
    await Promise.all([manager.close(), proxy[Symbol.asyncDispose]()]);
  });
  const { oracle, url, environment } = await startB2cSite(sampleCustomers(Date.now()));
  manager.secrets.set(arn("oracle"), {
    text: JSON.stringify({ key: environment.ORACLE_PRIVATE_KEY }),
  });
  manager.secrets.set(arn("proxy"), { text: `http://user:hunter2@${proxy.host}` });

  const world = await startWorld({
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      ...environment,
      ORACLE_PRIVATE_KEY: `${arn("oracle")}:key::`,
      ORACLE_PROXY_URL: arn("proxy"),
    },
  });
  const ids = { conversationId: "c", participantId: "p", sessionId: "s" };
  world.sandbox.genesys.addConversation(ids);
  const start = { ...ids, eventTime: Date.now(), mediaType: "VOICE", direction: "INBOUND" };
  await world.sandbox.publish("customerStart", { ...start, ani: "tel:+15550199999" });
  await world.sandbox.genesys.nextPatch("c");
  expect(world.sandbox.genesys.attributesOf("c", "p")).toMatchObject({ oracle_status: "found" });
  expect(oracle.counts).toMatchObject({ token: 1, search: 1 });
  const host = new URL(url).host;
  expect(new Set(proxy.tunnels)).toEqual(new Set([host]));
  expect(await world.worker.stop()).toBe(0);
  expect(JSON.stringify(world.worker.log)).not.toMatch(/hunter2|MII|eyJ/);
  expect(world.worker.errors).toBe("");
});

it("a secret that cannot be read is one line among the mistakes, and the worker does not start", async () => {
  const manager = await startSecretsManager();
  onTestFinished(() => manager.close());
  const worker = startWorker({
    AWS_ENDPOINT_URL: manager.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    GENESYS_CLIENT_SECRET: arn("missing"),
    ORACLE_PRIVATE_KEY: "/nowhere/key.pem",
  });
  expect(await worker.ended).toBe(2);
  expect(worker.errors).toMatch(/QUEUE_URL is required/);
  expect(worker.errors).toMatch(/GENESYS_CLIENT_SECRET arn:\S+missing-AbCdEf does not exist/);
  expect(worker.errors).toMatch(/ORACLE_PRIVATE_KEY names a file that does not exist/);
});
