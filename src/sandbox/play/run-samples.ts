import { setTimeout as delay } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";
import type { Later, SampleConversation } from "../samples/sample-conversations.ts";

/** A scene that is being played. */
export interface SampleRun {
  readonly scene: SampleConversation;
  readonly conversationId: string;
  readonly participantId: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** Between the starts of two conversations, in ms. */
const BEAT_MS = 250;

/**
 * Plays the scenes in the sandbox, one start after the other; what follows a start goes on beside.
 * @param begun told of each scene as it begins.
 * @returns when every event has been sent.
 */
export async function runSamples(
  sandbox: SandboxEnvironment,
  scenes: readonly SampleConversation[],
  begun: (played: SampleRun) => void,
  signal: AbortSignal,
): Promise<void> {
  const following: Promise<void>[] = [];
  for (const scene of scenes) {
    following.push(...(await playOne(sandbox, scene, begun, signal)));
    await delay(BEAT_MS, undefined, { signal });
  }
  await Promise.all(following);
}

async function playOne(
  sandbox: SandboxEnvironment,
  scene: SampleConversation,
  begun: (played: SampleRun) => void,
  signal: AbortSignal,
): Promise<Promise<void>[]> {
  const ids = {
    conversationId: crypto.randomUUID(),
    participantId: crypto.randomUUID(),
    sessionId: crypto.randomUUID(),
  };
  begun({ scene, ...ids, startedAt: Date.now() });
  if (scene.start === undefined) {
    const { client, queue } = sandbox.sqs;
    await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: "<xml/>" }));
    return [];
  }
  const common = { ...scene.start, ...ids, eventTime: Date.now() };
  sandbox.genesys.addConversation(ids);
  const refusals = scene.oracleRefuses ?? 0;
  if (refusals > 0) {
    const match = { path: sandbox.oracle.searchPath };
    sandbox.oracle.faults.push({ kind: "answer", status: 503, times: refusals, match });
  }
  await sandbox.publish("customerStart", common);
  if (refusals > 0) {
    // The others are not to run into the faults that are meant for this one.
    await sandbox.oracle.waitFor((call) => call.fault !== undefined, { count: refusals, signal });
  }
  const following = followers(scene).map(async ({ afterMs, topic, body }) => {
    await delay(afterMs, undefined, { signal });
    // A start that comes again is the same event: its time is the first one's.
    const happened = topic === "customerStart" ? {} : { eventTime: Date.now() };
    await sandbox.publish(topic, { ...common, ...body, ...happened });
  });
  // They are awaited together at the end; until then an abort must not count as unhandled.
  for (const one of following) one.catch(() => undefined);
  return following;
}

function followers(scene: SampleConversation): readonly Later[] {
  const agent = scene.agentAfterMs;
  const agentStart: Later[] =
    agent === undefined
      ? []
      : [
          {
            afterMs: agent,
            topic: "userStart",
            body: { participantId: crypto.randomUUID(), userId: crypto.randomUUID() },
          },
        ];
  return [...(scene.later ?? []), ...agentStart];
}
