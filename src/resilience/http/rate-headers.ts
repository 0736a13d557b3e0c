import type { EpochMs } from "../../domain/time.ts";
import type { RateLimitInfo } from "../budget/budget.ts";
import type { HttpAnswer } from "./client.ts";
import { isThrottled, requestedWaitMs } from "./status.ts";

/** For a 429 that requests no wait: Genesys' .NET SDK waits as long. */
const DEFAULT_PAUSE_MS = 3_000;
/** For a throttled answer of Oracle that requests no wait: the first wait that Oracle advises. */
const ORACLE_PAUSE_MS = 1_000;
/** Even if the API requests 0. */
const SHORTEST_PAUSE_MS = 250;
/**
 * Some limits are daily, and their `Retry-After` is hours (Genesys' .NET SDK cuts it at 180 s too). The
 * failure of the call keeps the whole wait; the API is probed again after this time.
 */
export const LONGEST_PAUSE_MS = 180_000;

/**
 * [pure] The rate-limit information in the headers of an answer: `inin-ratelimit-allowed`, `-count`,
 * `-reset` (Genesys Cloud, "Rate limits"), `osvc-crest-next-request-after` (Oracle B2C Service, "Custom
 * Headers") and `Retry-After`.
 */
export function readRateLimitInfo(answer: HttpAnswer, now: EpochMs): RateLimitInfo {
  const { headers } = answer;
  const resetSeconds = wholeNumber(headers["inin-ratelimit-reset"]);
  const resetMs = resetSeconds === undefined ? undefined : resetSeconds * 1000;
  const allowed = wholeNumber(headers["inin-ratelimit-allowed"]);
  const pauseMs = pauseOf(answer, resetMs, now);
  return {
    ...(allowed === undefined || allowed === 0 ? {} : { allowed }),
    count: wholeNumber(headers["inin-ratelimit-count"]),
    resetMs,
    ...(pauseMs === undefined ? {} : { pauseMs: Math.min(pauseMs, LONGEST_PAUSE_MS) }),
  };
}

function pauseOf(
  answer: HttpAnswer,
  resetMs: number | undefined,
  now: EpochMs,
): number | undefined {
  const requestedMs = requestedWaitMs(answer, now);
  if (!isThrottled(answer)) return requestedMs === 0 ? undefined : requestedMs;
  const defaultMs = answer.status === 429 ? DEFAULT_PAUSE_MS : ORACLE_PAUSE_MS;
  return Math.max(SHORTEST_PAUSE_MS, requestedMs ?? resetMs ?? defaultMs);
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}
