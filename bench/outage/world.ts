import { exponentialMs, lognormal, seeded } from "../chance.ts";

/** One conversation. Only `hindsight` may use its future. Times are ms from the start of the simulation. */
export interface Call {
  readonly id: number;
  readonly startedAt: number;
  /** When an agent answers. */
  readonly answeredAt: number;
  readonly endedAt: number;
  /** Duration of the lookup in Oracle, all requests together. */
  readonly lookupMs: number;
}

/** The scenario. */
export interface Outage {
  readonly startsPerSecond: number;
  /** Median of the time until an agent answers. */
  readonly medianAnswerMs: number;
  /** Oracle is down between these. */
  readonly downAt: number;
  readonly upAt: number;
  /** The last conversation starts before this. */
  readonly until: number;
  readonly seed: number;
}

/** Standard deviation of the logarithm: 10 % of the calls wait at least 2.6 times the median. */
export const ANSWER_SIGMA = 0.75;
/** One of the two requests of a lookup. Both together have a median of 1.7 s and a p99 of 4 s. */
const REQUEST = { medianMs: 800, sigma: 0.505 };
const TALK = { medianMs: 240_000, sigma: 0.5 };
/** From the event until the worker receives it: EventBridge, SQS and the long poll. */
export const DELIVERY_MS = 500;
/** Round trip of a PATCH. */
export const PATCH_MS = 120;
/** Genesys Cloud's limit for one token. */
export const LIMIT = 300;
export const WINDOW_MS = 60_000;

export function requestMs(random: () => number): number {
  return lognormal(random, REQUEST.medianMs, REQUEST.sigma);
}

/** Poisson starts; answer, talk and lookup times are lognormal. */
export function conversations(outage: Outage): readonly Call[] {
  const random = seeded(outage.seed);
  const calls: Call[] = [];
  let startedAt = exponentialMs(random, outage.startsPerSecond);
  while (startedAt < outage.until) {
    const answeredAt = startedAt + lognormal(random, outage.medianAnswerMs, ANSWER_SIGMA);
    calls.push({
      id: calls.length,
      startedAt,
      answeredAt,
      endedAt: answeredAt + lognormal(random, TALK.medianMs, TALK.sigma),
      lookupMs: requestMs(random) + requestMs(random),
    });
    startedAt += exponentialMs(random, outage.startsPerSecond);
  }
  return calls;
}

/** When each history was written, by conversation id, and the number of `unavailable` notices. */
export interface Schedule {
  readonly writtenAt: ReadonlyMap<number, number>;
  readonly unavailable: number;
}

/** Shares of all conversations, 0 to 1. */
export interface Shares {
  readonly beforeAgent: number;
  readonly alive: number;
}

export function sharesOf(calls: readonly Call[], { writtenAt }: Schedule): Shares {
  const share = (inTime: (call: Call) => number) =>
    calls.filter((call) => (writtenAt.get(call.id) ?? Number.POSITIVE_INFINITY) <= inTime(call))
      .length / calls.length;
  return {
    beforeAgent: share(({ answeredAt }) => answeredAt),
    alive: share(({ endedAt }) => endedAt),
  };
}
