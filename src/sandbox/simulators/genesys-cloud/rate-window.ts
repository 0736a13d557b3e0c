/**
 * How requests are counted. Genesys Cloud documents a number per minute, but not when the minute starts. A
 * client must keep all three:
 * - `fixed`: a window starts with the first request after the end of the previous window.
 * - `aligned`: windows start at multiples of their length since the epoch, like minutes of the clock.
 * - `sliding`: the window ends with each request.
 */
export type WindowPolicy = "fixed" | "aligned" | "sliding";

export interface RateVerdict {
  readonly admitted: boolean;
  /** Number of admitted requests in the window, including this one. */
  readonly count: number;
  /** Time until a full window admits a request again, in ms. Greater than 0. */
  readonly resetMs: number;
}

/** Counts the requests of one token. */
export interface RateWindow {
  /**
   * Judges a request at `at` (ms, never decreasing). A refused request does not count. The limit may change
   * between requests.
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

/** Counts from 0 in each window. */
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

/** Keeps the times of the requests of the last `windowMs`. */
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
