import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { startSandboxEnvironment } from "../src/sandbox/environment/sandbox-environment.ts";
import { seeded } from "./chance.ts";
import { PATCH_MS, requestMs } from "./outage/world.ts";
import type { PlainLimiter } from "./systems/calls.ts";
import { customerOf, eventOf, idsOf } from "./systems/conversations.ts";
import { type System, startSystem } from "./systems/process.ts";

/** The first minute fills the budget's window; what is measured comes after it. */
const WARM_MS = 60_000;
const MEASURED_MS = 90_000;
const AFTER_MS = 120_000;
const PLACES = 16;

interface Load {
  readonly name: string;
  readonly perSecond: number;
  /** A hundred at once, so often. */
  readonly burstEveryMs?: number;
}

const loads: readonly Load[] = [
  { name: "2/s", perSecond: 2 },
  { name: "4/s", perSecond: 4 },
  { name: "4.75/s", perSecond: 4.75 },
  { name: "3/s, bursts of 100", perSecond: 3, burstEveryMs: 75_000 },
];

interface Rival {
  readonly name: string;
  readonly system: System;
  readonly limiter?: PlainLimiter;
}

const rivals: readonly Rival[] = [
  { name: "ringahead", system: "ringahead" },
  { name: "glue, one PATCH each 202 ms", system: "sqs-consumer glue", limiter: "paced" },
  { name: "glue, 300 PATCHes each minute", system: "sqs-consumer glue", limiter: "reservoir" },
];

/** `npm run bench -- latency`: from the event to the attribute, beside plain glue. */
export async function run(): Promise<void> {
  print(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}; Oracle median 1.7 s, p99 4 s; ` +
      `limit 300 a minute; ${WARM_MS / 1000} s left out, ${MEASURED_MS / 1000} s measured\n`,
  );
  print(
    "| starts | system | p50 | p95 | p99 | of them written | refused with 429 |\n|---|---|---|---|---|---|---|",
  );
  // Side by side: all together they are idle most of the time.
  const cells = loads.flatMap((load) => rivals.map((rival) => measure(rival, load)));
  for (const row of await Promise.all(cells)) print(row);
}

/**
 * When the conversations of a load start, in ms: at random, but as many as the load's name says, for a
 * minute that happens to bring a tenth more would be another load.
 */
function startsOf({ perSecond, burstEveryMs }: Load): readonly number[] {
  const random = seeded(11);
  const until = WARM_MS + MEASURED_MS;
  const count = Math.round((perSecond * until) / 1000);
  const starts = Array.from({ length: count }, () => random() * until);
  for (let at = burstEveryMs ?? until; at < until; at += burstEveryMs ?? until) {
    starts.push(...Array.from({ length: 100 }, () => at));
  }
  return starts.toSorted((a, b) => a - b);
}

async function measure({ name, system, limiter }: Rival, load: Load): Promise<string> {
  const starts = startsOf(load);
  const random = seeded(12);
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs: () => requestMs(random),
    genesysLatencyMs: () => PATCH_MS,
    customers: starts.map((_, index) => customerOf(index)),
  });
  const environment = {
    ...sandbox.environment,
    GENESYS_REQUESTS_PER_MINUTE: "300",
    ...(limiter && { PLAIN_LIMITER: limiter }),
  };
  const child = startSystem(system, environment, { places: PLACES });
  const writtenAt = new Map<number, number>();
  try {
    await sandbox.oracle.waitFor(({ kind }) => kind === "token");
    const beganAt = performance.now();
    const send = async (index: number, at: number) => {
      const waitMs = beganAt + at - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const { conversationId } = idsOf(index);
      sandbox.genesys.addConversation(idsOf(index));
      const until = AbortSignal.timeout(AFTER_MS);
      const written = sandbox.genesys
        .nextPatch(conversationId, { signal: until })
        .then(() => writtenAt.set(index, performance.now() - beganAt))
        .catch(() => undefined);
      const MessageBody = eventOf(index, "customerStart", Date.now());
      await sandbox.sqs.client.send(
        new SendMessageCommand({ QueueUrl: sandbox.sqs.queue.url, MessageBody }),
      );
      await written;
    };
    await Promise.all(starts.map((at, index) => send(index, at)));
    const measured = starts.map((at, index) => ({ at, index })).filter(({ at }) => at >= WARM_MS);
    const latencies = measured
      .map(({ at, index }) => (writtenAt.get(index) ?? Number.POSITIVE_INFINITY) - at)
      .toSorted((a, b) => a - b);
    const seconds = (share: number) => {
      const latency = latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
      return Number.isFinite(latency) ? `${(latency / 1000).toFixed(2)} s` : "never";
    };
    const written = latencies.filter(Number.isFinite).length;
    return (
      `| ${load.name} | ${name} | ${seconds(0.5)} | ${seconds(0.95)} | ${seconds(0.99)} | ` +
      `${written} of ${latencies.length} | ${sandbox.genesys.throttled} |`
    );
  } finally {
    await child.stop();
    await sandbox.close();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
