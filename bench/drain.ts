import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandboxEnvironment } from "../src/sandbox/environment/sandbox-environment.ts";
import { lognormal, seeded } from "./chance.ts";
import { memory } from "./memory.ts";
import type { BenchOptions } from "./options.ts";
import { customerOf, eventOf, idsOf, sendAll } from "./systems/conversations.ts";
import { type System, startSystem, systems } from "./systems/process.ts";

const RUNS = 3;
/** One of two requests, such that both together take 1 s on average with a sigma of 0.8. */
const REQUEST = { medianMs: 299, sigma: 1.013 };
/** Conversations for each place. */
const ROUNDS = 12;
/** Of what was begun: the ramp before, and the tail after, are left out. */
const RAMP = 0.15;
const TAIL = 0.85;
const INSTANT = 4_000;

export interface Drained {
  /** Mean share of the places in which Oracle was being asked, ramp and tail excluded. */
  readonly filled: number;
  readonly perSecond: number;
  readonly cpuMsEach: number;
}

/**
 * `npm run bench -- drain [--only filled | instant | memory]`: how well places are filled, what a
 * conversation costs, and what the worker's memory does.
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
  print("| mean share of places filled | 50 in hand | 200 in hand |\n|---|---|---|");
  const filled = await rounds([50, 200], (system, places, seed) =>
    drain(system, places, places * ROUNDS, slow(seed)),
  );
  for (const system of systems) {
    print(
      `| ${system} | ${shown(filled, system, 50, percentOf)} | ${shown(filled, system, 200, percentOf)} |`,
    );
  }
}

async function instantApis(): Promise<void> {
  print("\n| instant APIs | conversations a second | CPU for one, ms |\n|---|---|---|");
  const instant = await rounds([50], (system, places) => drain(system, places, INSTANT, () => 0));
  for (const system of systems) {
    print(
      `| ${system} | ${shown(instant, system, 50, ({ perSecond }) => perSecond.toFixed(0))} | ` +
        `${shown(instant, system, 50, ({ cpuMsEach }) => cpuMsEach.toFixed(2))} |`,
    );
  }
}

type Results = ReadonlyMap<string, readonly Drained[]>;

/** Systems take turns, so that what else the machine does falls on all of them. */
async function rounds(
  places: readonly number[],
  once: (system: System, places: number, seed: number) => Promise<Drained>,
): Promise<Results> {
  const results = new Map<string, Drained[]>();
  for (let run = 1; run <= RUNS; run += 1) {
    for (const count of places) {
      for (const system of systems) {
        const key = `${system} ${count}`;
        results.set(key, [...(results.get(key) ?? []), await once(system, count, run)]);
      }
    }
  }
  return results;
}

/** The median, and the range. */
function shown(
  results: Results,
  system: System,
  places: number,
  text: (one: Drained) => string,
): string {
  const all = (results.get(`${system} ${places}`) ?? []).toSorted(
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

/** Drains `count` conversations; the middle of the run is measured. */
export async function drain(
  system: System,
  places: number,
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
  const child = startSystem(system, { ...sandbox.environment, ...environment }, { places });
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
      filled: busyMs(spans, from, to) / (to - from) / places,
      perSecond: (done / (to - from)) * 1000,
      cpuMsEach: (child.cpuMs() - before.cpu) / done,
    };
  } finally {
    await child.stop();
    await sandbox.close();
  }
}

/** How long Oracle was busy between these, all requests together. */
function busyMs(spans: readonly { from: number; to: number }[], from: number, to: number): number {
  return spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
    0,
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
