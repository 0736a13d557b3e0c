import { fifo } from "./outage/fifo.ts";
import { hindsight } from "./outage/hindsight.ts";
import { AFTER_MS, real } from "./outage/real.ts";
import { ringahead } from "./outage/ringahead.ts";
import {
  ANSWER_SIGMA,
  type Call,
  conversations,
  type Outage,
  type Schedule,
  sharesOf,
} from "./outage/world.ts";

const MINUTE_MS = 60_000;
const MEDIANS_MS = [8_000, 20_000, 60_000];
const SEED = 4;

const outage: Omit<Outage, "medianAnswerMs"> = {
  startsPerSecond: 8,
  downAt: 2 * MINUTE_MS,
  upAt: 12 * MINUTE_MS,
  until: 42 * MINUTE_MS,
  seed: SEED,
};

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const times = (a: number, b: number) => (b === 0 ? "-" : (a / b).toFixed(2));

/** A smaller outage for the real worker: minutes instead of three quarters of an hour. */
const small: Outage = {
  startsPerSecond: 8,
  medianAnswerMs: 20_000,
  downAt: 20_000,
  upAt: 80_000,
  until: 170_000,
  seed: SEED,
};

/**
 * `npm run bench -- outage`: how many histories arrive in time if Oracle is down for ten minutes, in simulated
 * time. Then the real worker in a smaller outage, compared with its simulation.
 */
export async function run(): Promise<void> {
  process.stdout.write(
    `${outage.startsPerSecond} starts per second for ${outage.until / MINUTE_MS} min, Oracle down from minute ` +
      `${outage.downAt / MINUTE_MS} to ${outage.upAt / MINUTE_MS}, 300 PATCHes a minute, seed ${SEED}\n` +
      `lookup: median 1.7 s, p99 4 s; answer lognormal, sigma ${ANSWER_SIGMA}\n\n` +
      "| answer, median | before the agent: ringahead | FIFO | hindsight | of hindsight | times FIFO | while alive: ringahead | FIFO | hindsight | of hindsight | times FIFO | `unavailable` |\n" +
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
  );
  for (const medianAnswerMs of MEDIANS_MS) process.stdout.write(row({ ...outage, medianAnswerMs }));
  process.stdout.write(
    `\nThe real worker: Oracle down from second ${small.downAt / 1000} to ${small.upAt / 1000} of ` +
      `${small.until / 1000}, answer median ${small.medianAnswerMs / 1000} s\n\n` +
      "| | before the agent | while alive | `unavailable` |\n|---|---|---|---|\n",
  );
  const calls = conversations(small);
  process.stdout.write(checkRow("simulated", calls, ringahead(calls, small)));
  process.stdout.write(checkRow("real", calls, await real(calls, small)));
}

/** The real worker is stopped some time after the last start, so later writes do not count. */
function checkRow(name: string, calls: readonly Call[], schedule: Schedule): string {
  const counted = [...schedule.writtenAt].filter(([, at]) => at <= small.until + AFTER_MS);
  const { beforeAgent, alive } = sharesOf(calls, { ...schedule, writtenAt: new Map(counted) });
  return `| ${name} | ${percent(beforeAgent)} | ${percent(alive)} | ${schedule.unavailable} |\n`;
}

function row(at: Outage): string {
  const calls = conversations(at);
  const schedule = ringahead(calls, at);
  const ours = sharesOf(calls, schedule);
  const glue = sharesOf(calls, fifo(calls, at));
  const best = {
    beforeAgent: sharesOf(
      calls,
      hindsight(calls, at, ({ answeredAt }) => answeredAt),
    ).beforeAgent,
    alive: sharesOf(
      calls,
      hindsight(calls, at, ({ endedAt }) => endedAt),
    ).alive,
  };
  const cells = (["beforeAgent", "alive"] as const).flatMap((kind) => [
    percent(ours[kind]),
    percent(glue[kind]),
    percent(best[kind]),
    percent(ours[kind] / best[kind]),
    times(ours[kind], glue[kind]),
  ]);
  return `| ${[`${at.medianAnswerMs / 1000} s`, ...cells, String(schedule.unavailable)].join(" | ")} |\n`;
}
