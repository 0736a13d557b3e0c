import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandboxEnvironment } from "../src/sandbox/environment/sandbox-environment.ts";
import { lognormal, seeded } from "./chance.ts";
import { memory } from "./memory.ts";
import type { BenchOptions } from "./options.ts";
import { customerOf, eventOf, idsOf, sendAll } from "./systems/conversations.ts";
import { type System, startSystem, systems } from "./systems/process.ts";

const RUNS = 3;
/** One of the two requests of a lookup. Both together take 1 s on average, with a sigma of 0.8. */
const REQUEST = { medianMs: 299, sigma: 1.013 };
/** Conversations per slot. */
const ROUNDS = 12;
/** Shares of the conversations between which is measured. */
const RAMP = 0.15;
const TAIL = 0.85;
const INSTANT = 4_000;

export interface Drained {
  /** Mean share of the slots with a request to Oracle in progress, without ramp and tail. */
  readonly filled: number;
  readonly perSecond: number;
  readonly cpuMsEach: number;
}

/**
 * `npm run bench -- drain [--only filled | instant | memory]`: the share of slots in use, the cost of a
 * conversation, and the worker's memory.
 */
export async function run({ only }: BenchOptions): Promise<void> {
  print(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${RUNS} interleaved runs\n`,
  );
  if (only === undefined || only === "filled") await filledShares();
  if (only === undefined || only === "instant") await instantApis();
  if (only === undefined || only === "memory") await memory(print);
}

async function filledShares(): Promise<void> {
  print("| mean share of slots in use | 50 slots | 200 slots |\n|---|---|---|");
  const filled = await rounds([50, 200], (system, slots, seed) =>
    drain(system, slots, slots * ROUNDS, slow(seed)),
  );
  for (const system of systems) {
    print(
      `| ${system} | ${shown(filled, system, 50, percentOf)} | ${shown(filled, system, 200, percentOf)} |`,
    );
  }
}

async function instantApis(): Promise<void> {
  print("\n| instant APIs | conversations per second | CPU per conversation, ms |\n|---|---|---|");
  const instant = await rounds([50], (system, slots) => drain(system, slots, INSTANT, () => 0));
  for (const system of systems) {
    print(
      `| ${system} | ${shown(instant, system, 50, ({ perSecond }) => perSecond.toFixed(0))} | ` +
        `${shown(instant, system, 50, ({ cpuMsEach }) => cpuMsEach.toFixed(2))} |`,
    );
  }
}

type Results = ReadonlyMap<string, readonly Drained[]>;

/** Interleaved, so that other load on the machine affects all systems. */
async function rounds(
  slots: readonly number[],
  once: (system: System, slots: number, seed: number) => Promise<Drained>,
): Promise<Results> {
  const results = new Map<string, Drained[]>();
  for (let run = 1; run <= RUNS; run += 1) {
    for (const count of slots) {
      for (const system of systems) {
        const key = `${system} ${count}`;
        results.set(key, [...(results.get(key) ?? []), await once(system, count, run)]);
      }
    }
  }
  return results;
}

/** The median and the range. */
function shown(
  results: Results,
  system: System,
  slots: number,
  text: (one: Drained) => string,
): string {
  const all = (results.get(`${system} ${slots}`) ?? []).toSorted(
    (a, b) => Number.parseFloat(text(a)) - Number.parseFloat(text(b)),
  );
  const [first, last, middle] = [all[0], all.at(-1), all[Math.floor(all.length / 2)]];
  if (first === undefined || last === undefined || middle === undefined) return "";
  return `${text(middle)} (${text(first)} to ${text(last)})`;
}

const percentOf = ({ filled }: Drained) => `${(filled * 100).toFixed(0)} %`;

function slow(seed: number): () => number {
  const random = seeded(seed);
  return () => lognormal(random, REQUEST.medianMs, REQUEST.sigma);
}

/** Drains `count` conversations, and measures the middle of the run. */
export async function drain(
  system: System,
  slots: number,
  count: number,
  latencyMs: () => number,
  environment: Readonly<Record<string, string>> = {},
): Promise<Drained> {
  const spans: { from: number; to: number }[] = [];
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs() {
      const from = performance.now();
      const to = from + latencyMs();
      spans.push({ from, to });
      return to - from;
    },
    genesysLatencyMs: () => 0,
    customers: Array.from({ length: count }, (_, index) => customerOf(index)),
  });
  sandbox.genesys.setLimit(1_000_000);
  for (let index = 0; index < count; index += 1) sandbox.genesys.addConversation(idsOf(index));
  const bodies = Array.from({ length: count }, (_, index) =>
    eventOf(index, "customerStart", Date.now()),
  );
  await sendAll(sandbox.sqs.client, sandbox.sqs.queue.url, bodies);
  const child = startSystem(system, { ...sandbox.environment, ...environment }, { slots });
  try {
    const patched = async (share: number) => {
      while (sandbox.genesys.counts.patch < count * share) await sleep(5);
      return performance.now();
    };
    const from = await patched(RAMP);
    const before = { cpu: child.cpuMs(), patches: sandbox.genesys.counts.patch };
    const to = await patched(TAIL);
    const done = sandbox.genesys.counts.patch - before.patches;
    return {
      filled: busyMs(spans, from, to) / (to - from) / slots,
      perSecond: (done / (to - from)) * 1000,
      cpuMsEach: (child.cpuMs() - before.cpu) / done,
    };
  } finally {
    await child.stop();
    await sandbox.close();
  }
}

/** Total time of the requests to Oracle between `from` and `to`. */
function busyMs(spans: readonly { from: number; to: number }[], from: number, to: number): number {
  return spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
    0,
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
