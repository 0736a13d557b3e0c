import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect, it, onTestFinished } from "vitest";
import { installRules } from "../../../src/sandbox/environment/install-rules.ts";
import type { SandboxEnvironment } from "../../../src/sandbox/environment/sandbox-environment.ts";
import { ACCOUNT } from "../../../src/sandbox/simulators/eventbridge/buses.ts";
import { LOCAL_CREDENTIALS } from "../../../src/sandbox/simulators/sqs/server.ts";
import { startEnvironment, startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { run as runProgram } from "../../support/program.ts";

/** A command, with an administrator's token on its standard input. */
async function run(
  { administratorToken }: SandboxEnvironment,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
) {
  const input = administratorToken;
  const { code, out } = await runProgram([...words, "--access-token", "-"], env, { input });
  return { code, stdout: out };
}

it("from an empty org to the first enriched conversation", async () => {
  const sandbox = await startEnvironment();
  const folder = mkdtempSync(join(tmpdir(), "ringahead-first-day-"));
  const bridge = new EventBridgeClient({
    ...{ region: "us-east-1", endpoint: sandbox.eventBridge.url, credentials: LOCAL_CREDENTIALS },
  });
  onTestFinished(() => {
    bridge.destroy();
    rmSync(folder, { recursive: true });
  });
  const { GENESYS_CLIENT_ID: _, GENESYS_CLIENT_SECRET: __, ...empty } = sandbox.environment;

  // Set up, and deploy what it says.
  const secretFile = join(folder, "secret");
  const words = ["setup", "--aws-account", ACCOUNT, "--suffix", "first-day"];
  const made = await run(sandbox, empty, [
    ...[...words, "--secret-file", secretFile, "--apply", "--return-role", "--json"],
  ]);
  expect(made.code).toBe(0);
  const { next } = JSON.parse(made.stdout);
  expect(next.eventSource.state).toBe("PENDING");
  const bus: string = next.eventSourceName;
  await installRules(bridge, bus, sandbox.sqs.queue.arn, sandbox.sqs.deadLetters.arn);
  const environment = {
    ...sandbox.environment,
    GENESYS_CLIENT_ID: next.genesysClientId,
    GENESYS_CLIENT_SECRET: readFileSync(secretFile, "utf8").trim(),
  };

  // The doctor finds nothing wrong.
  const looked = await run(sandbox, environment, [
    "doctor",
    "--bus",
    bus,
    "--phone",
    "+15550199999",
  ]);
  expect(looked.stdout).toContain("\n0 broken, 0 warnings,");
  expect(looked.code).toBe(0);

  // A call comes in.
  const conversationId = "c0000000-0000-4000-8000-00000000f1d1";
  const { detail, ...envelope } = JSON.parse(
    sampleBody("customer-start-voice", { conversationId, eventTime: Date.now() }),
  );
  sandbox.genesys.addConversation({ ...detail.eventBody, conversationId });
  const worker = startWorker({ ...environment, LOG_LEVEL: "info" });
  await bridge.send(
    new PutEventsCommand({
      Entries: [
        {
          ...{ EventBusName: bus, Source: bus, DetailType: envelope["detail-type"] },
          ...{ Time: new Date(), Detail: JSON.stringify(detail) },
        },
      ],
    }),
  );
  await sandbox.genesys.nextPatch(conversationId);
  expect(
    sandbox.genesys.attributesOf(conversationId, detail.eventBody.participantId),
  ).toMatchObject({
    oracle_status: "found",
  });
  expect(await worker.stop()).toBe(0);
});
