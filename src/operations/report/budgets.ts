import type { LogLine } from "../../observability/facts/line.ts";

/** The requests to one API. */
export interface ApiUse {
  readonly calls: number;
  /** Responses with 429. */
  readonly throttled: number;
  /** Requests without a response, and responses from 500 on. */
  readonly failed: number;
  /** The latest limit for 60 s; absent if there is none. */
  readonly limit?: number;
  /** The most requests in one calendar minute. */
  readonly peakPerMinute: number;
  /** Minutes in which at least 90 % of the limit were used. */
  readonly fullMinutes: number;
  /** The average wait for budget, in ms. */
  readonly meanWaitMs: number;
}

export type ReportedApi = "genesys" | "oracle";
export const apis: readonly ReportedApi[] = ["genesys", "oracle"];

const MINUTE_MS = 60_000;
/** Lines of several workers may be some minutes out of order. */
const MAX_OPEN_MINUTES = 60;
const FULL_SHARE = 0.9;

/** Counts the requests to one API by minute, in constant memory. */
export function countUse(api: ReportedApi) {
  const minutes = new Map<number, number>();
  let calls = 0;
  let throttled = 0;
  let failed = 0;
  let waited = 0;
  let limit: number | undefined;
  let peakPerMinute = 0;
  let fullMinutes = 0;

  function close(minute: number): void {
    const count = minutes.get(minute) ?? 0;
    minutes.delete(minute);
    peakPerMinute = Math.max(peakPerMinute, count);
    if (limit !== undefined && count >= FULL_SHARE * limit) fullMinutes += 1;
  }

  function called(line: Extract<LogLine, { fact: "api.called" }>): void {
    calls += 1;
    waited += line.waitedMs;
    if (line.status === 429) throttled += 1;
    else if (line.status === undefined || line.status >= 500) failed += 1;
    const minute = Math.floor(Date.parse(line.time) / MINUTE_MS);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    if (minutes.size > MAX_OPEN_MINUTES) close(Math.min(...minutes.keys()));
  }

  return {
    take(line: LogLine): void {
      if (line.fact === "api.called" && line.source === api) called(line);
      if (line.fact === "limiter.limited" && line.source === api) limit = line.limit;
      if (line.fact === "worker.started") {
        limit = api === "genesys" ? line.genesysPerMinute : line.oraclePerMinute;
      }
    },
    /** Returns the totals. Call it once, at the end. */
    use(): ApiUse {
      for (const minute of [...minutes.keys()]) close(minute);
      return {
        calls,
        throttled,
        failed,
        ...(limit === undefined ? {} : { limit }),
        peakPerMinute,
        fullMinutes,
        meanWaitMs: calls === 0 ? 0 : Math.round(waited / calls),
      };
    },
  };
}
