import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { startEnvironment, startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";

const ada = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;

/** A sandbox with one conversation waiting in its queue, and a worker with this environment. */
async function start(environment: Readonly<Record<string, string>> = {}) {
  const sandbox = await startEnvironment();
  sandbox.genesys.addConversation(ada);
  const { client, queue } = sandbox.sqs;
  const MessageBody = sampleBody("customer-start-voice");
  await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
  return {
    sandbox,
    worker: () =>
      startWorker({
        ...sandbox.environment,
        LOG_LEVEL: "debug",
        HTTP_PORT: "0",
        ...environment,
      }),
  };
}

async function readiness(worker: ReturnType<typeof startWorker>) {
  const line = await worker.line(({ fact }) => fact === "http.listening");
  if (line.fact !== "http.listening") throw new Error("it does not listen");
  const answer = await fetch(`http://127.0.0.1:${line.port}/readyz`);
  const live = await fetch(`http://127.0.0.1:${line.port}/livez`);
  return { status: answer.status, live: live.status, body: await answer.json() };
}

const token = { match: { path: /token/ }, times: 2 };

it("consumes nothing while Genesys refuses the client, reports that, and starts when it is accepted", async () => {
  const { sandbox, worker: begin } = await start();
  const refused = { error: "invalid_client" };
  sandbox.genesys.faults.push({ kind: "answer", status: 401, body: refused, ...token });
  const worker = begin();
  await worker.line(({ fact }) => fact === "token.failed");
  const proving = await readiness(worker);
  expect(proving).toMatchObject({
    status: 503,
    live: 200,
    body: { phase: "proving", reasons: [expect.stringContaining("it is proving: ")] },
  });
  expect(sandbox.oracle.counts.search).toBe(0);
  await worker.line(({ fact }) => fact === "worker.started");
  await sandbox.genesys.nextPatch(ada.conversationId);
  expect(await readiness(worker)).toMatchObject({
    status: 200,
    body: { ready: true, phase: "consuming", load: { waiting: 0 } },
  });
});

it("consumes nothing while Oracle refuses the client, and exits 0 after SIGTERM", async () => {
  const { sandbox, worker: begin } = await start();
  const always = { ...token, times: Number.POSITIVE_INFINITY };
  const refused = { error: "invalid_client" };
  sandbox.oracle.faults.push({ kind: "answer", status: 401, body: refused, ...always });
  const worker = begin();
  expect(await worker.line(({ fact }) => fact === "token.failed")).toMatchObject({
    source: "oracle",
    code: "invalid_client",
  });
  expect(await worker.stop()).toBe(0);
  expect(sandbox.genesys.counts.patch).toBe(0);
});

it("starts if Oracle only cannot be reached: agents then see `unavailable`", async () => {
  const { sandbox, worker: begin } = await start();
  const always = { ...token, times: Number.POSITIVE_INFINITY };
  sandbox.oracle.faults.push({ kind: "empty", status: 503, ...always });
  begin();
  await sandbox.genesys.nextPatch(ada.conversationId);
  expect(sandbox.genesys.attributesOf(ada.conversationId, ada.participantId)).toMatchObject({
    oracle_status: "unavailable",
  });
});
