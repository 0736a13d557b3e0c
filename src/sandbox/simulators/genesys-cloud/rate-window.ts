/**
 * How requests are counted. Genesys Cloud documents a number per minute, not how the minute is cut;
 * a client has to keep within all three:
 * - `fixed`: a window begins with the first request after the last one ended.
 * - `aligned`: windows follow one another from the epoch on, as minutes of the clock do.
 * - `sliding`: what counts is the time just before each request.
 */
export type WindowPolicy = "fixed" | "aligned" | "sliding";

export interface RateVerdict {
  readonly admitted: boolean;
  /** Requests admitted in the window, this one included. */
  readonly count: number;
  /** Until a full window has room again, in ms, more than 0. */
  readonly resetMs: number;
}

/** Counts the requests of one token. */
export interface RateWindow {
  /**
   * Judges a request that arrives `at` (ms, never going back). One that is refused does not count.
   * The limit may differ from one request to the next.
   */
  judge(at: number, limit: number): RateVerdict;
}

export function createRateWindow(policy: WindowPolicy, windowMs: number): RateWindow {
  return policy === "sliding"
    ? slidingWindow(windowMs)
    : steppingWindow((at, start) => nextStart(policy, at, start, windowMs), windowMs);
}

function nextStart(
  policy: "fixed" | "aligned",
  at: number,
  start: number,
  windowMs: number,
): number {
  if (policy === "aligned") return Math.floor(at / windowMs) * windowMs;
  return at >= start + windowMs ? at : start;
}

/** One count, which starts again from 0 with every new window. */
function steppingWindow(
  startAt: (at: number, start: number) => number,
  windowMs: number,
): RateWindow {
  let start = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    judge(at, limit) {
      const current = startAt(at, start);
      if (current !== start) count = 0;
      start = current;
      const admitted = count < limit;
      if (admitted) count += 1;
      return { admitted, count, resetMs: start + windowMs - at };
    },
  };
}

/** The times of the requests that still count: a request counts until `windowMs` after it. */
function slidingWindow(windowMs: number): RateWindow {
  let times: number[] = [];
  return {
    judge(at, limit) {
      times = times.filter((time) => time > at - windowMs);
      const admitted = times.length < limit;
      if (admitted) times.push(at);
      const leavesNext = times[Math.max(0, times.length - limit)] ?? at;
      return { admitted, count: times.length, resetMs: leavesNext + windowMs - at };
    },
  };
}
