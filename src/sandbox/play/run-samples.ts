import { setTimeout as delay } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";
import type { SampleConversation, SampleEvent } from "../samples/sample-conversations.ts";

/** A sample conversation that was started. */
export interface SampleRun {
  readonly sample: SampleConversation;
  readonly conversationId: string;
  readonly participantId: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** Between the starts of two conversations. */
const START_INTERVAL_MS = 250;

/**
 * Starts the samples one after the other. Their further events are sent in parallel.
 * @param started called with each sample as it starts
 * @returns when every event is sent
 */
export async function runSamples(
  sandbox: SandboxEnvironment,
  samples: readonly SampleConversation[],
  started: (run: SampleRun) => void,
  signal: AbortSignal,
): Promise<void> {
  const further: Promise<void>[] = [];
  for (const sample of samples) {
    further.push(...(await startSample(sandbox, sample, started, signal)));
    await delay(START_INTERVAL_MS, undefined, { signal });
  }
  await Promise.all(further);
}

async function startSample(
  sandbox: SandboxEnvironment,
  sample: SampleConversation,
  started: (run: SampleRun) => void,
  signal: AbortSignal,
): Promise<Promise<void>[]> {
  const ids = {
    conversationId: crypto.randomUUID(),
    participantId: crypto.randomUUID(),
    sessionId: crypto.randomUUID(),
  };
  started({ sample, ...ids, startedAt: Date.now() });
  if (sample.start === undefined) {
    const { client, queue } = sandbox.sqs;
    await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: "<xml/>" }));
    return [];
  }
  const common = { ...sample.start, ...ids, eventTime: Date.now() };
  sandbox.genesys.addConversation(ids);
  const refusals = sample.oracleRefuses ?? 0;
  if (refusals > 0) {
    const match = { path: sandbox.oracle.searchPath };
    sandbox.oracle.faults.push({ kind: "answer", status: 503, times: refusals, match });
  }
  await sandbox.publish("customerStart", common);
  if (refusals > 0) {
    // Only this sample may meet the faults, so the next one starts after them.
    await sandbox.oracle.waitFor((call) => call.fault !== undefined, { count: refusals, signal });
  }
  const further = furtherEventsOf(sample).map(async ({ afterMs, topic, body }) => {
    await delay(afterMs, undefined, { signal });
    // A repeated start is the same event, so it keeps the time of the first one.
    const isRepeated = topic === "customerStart" && body === undefined;
    const time = isRepeated ? {} : { eventTime: Date.now() };
    await sandbox.publish(topic, { ...common, ...body, ...time });
  });
  // The caller awaits them at the end. Until then an abort must not count as unhandled.
  for (const sent of further) sent.catch(() => undefined);
  return further;
}

function furtherEventsOf(sample: SampleConversation): readonly SampleEvent[] {
  const { agentAfterMs, later = [] } = sample;
  if (agentAfterMs === undefined) return later;
  const body = { participantId: crypto.randomUUID(), userId: crypto.randomUUID() };
  return [...later, { afterMs: agentAfterMs, topic: "userStart", body }];
}
