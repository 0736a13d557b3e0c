import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { startSandboxEnvironment } from "../../src/sandbox/environment/sandbox-environment.ts";
import { startWorkerProcess } from "../../src/sandbox/environment/worker-process.ts";
import { seeded } from "../chance.ts";
import { customerOf, eventOf, idsOf, indexOf } from "../systems/conversations.ts";
import {
  type Call,
  DELIVERY_MS,
  type Outage,
  PATCH_MS,
  requestMs,
  type Schedule,
} from "./world.ts";

/** Long enough for everything that still helps somebody. */
export const AFTER_MS = 30_000;

/**
 * The real worker, as a process, among the simulators, in real time: it lives through the same
 * conversations and the same outage.
 */
export async function real(calls: readonly Call[], outage: Outage): Promise<Schedule> {
  const random = seeded(outage.seed + 2);
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs: () => requestMs(random),
    genesysLatencyMs: () => PATCH_MS,
    customers: calls.map(({ id }) => customerOf(id)),
  });
  const writtenAt = new Map<number, number>();
  let unavailable = 0;
  let beganAt = 0;
  const worker = startWorkerProcess(
    { ...sandbox.environment, GENESYS_REQUESTS_PER_MINUTE: "300", LOG_LEVEL: "info" },
    {
      onLine(line) {
        if (line.fact !== "enrichment.written") return;
        const id = indexOf(line.conversationId ?? "");
        if (line.status === "unavailable") unavailable += 1;
        else writtenAt.set(id, Date.parse(line.time) - beganAt);
      },
    },
  );
  try {
    await worker.line(({ fact }) => fact === "worker.started");
    for (const call of calls) sandbox.genesys.addConversation(idsOf(call.id));
    beganAt = Date.now();
    const { faults } = sandbox.oracle;
    const plan = calls.flatMap((call) => [
      { at: call.startedAt, send: eventOf(call.id, "customerStart", beganAt + call.startedAt) },
      { at: call.answeredAt, send: eventOf(call.id, "userStart", beganAt + call.answeredAt) },
      { at: call.endedAt, send: eventOf(call.id, "customerEnd", beganAt + call.endedAt) },
    ]);
    const { client, queue } = sandbox.sqs;
    const acts = [
      ...plan.map(({ at, send }) => ({
        at: at + DELIVERY_MS,
        act: () => deliver(client, queue.url, send),
      })),
      {
        at: outage.downAt,
        act: () => faults.push({ kind: "empty", status: 503, times: Number.POSITIVE_INFINITY }),
      },
      { at: outage.upAt, act: () => faults.clear() },
    ]
      .filter(({ at }) => at < outage.until + AFTER_MS)
      .toSorted((a, b) => a.at - b.at);
    for (const { at, act } of acts) {
      const waitMs = beganAt + at - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      act();
    }
    await worker.stop(90_000);
    return { writtenAt, unavailable };
  } finally {
    worker.kill("SIGKILL");
    await worker.ended;
    await sandbox.close();
  }
}

function deliver(client: SQSClient, queueUrl: string, body: string): void {
  client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body })).catch((error) => {
    process.stderr.write(`a message was not sent: ${error}\n`);
  });
}
