import type { EpochMs } from "../../domain/time.ts";
import type { RateLimitInfo } from "../budget/budget.ts";
import type { HttpAnswer } from "./client.ts";
import { isThrottled, waitAskedMs } from "./status.ts";

/** Where a 429 does not say for how long: what Genesys' .NET SDK waits. */
const UNTOLD_PAUSE_MS = 3_000;
/** Where Oracle throttles without a word: the first of the waits that it advises. */
const ORACLE_PAUSE_MS = 1_000;
/** Even where it says 0. */
const SHORTEST_PAUSE_MS = 250;
/**
 * Some limits are daily, and their `Retry-After` is hours (Genesys' .NET SDK cuts off at 180 s too).
 * The call's own failure keeps the whole wait; the API as a whole is probed again after this.
 */
export const LONGEST_PAUSE_MS = 180_000;

/**
 * [pure] What an answer tells of the budget: `inin-ratelimit-allowed`, `-count`, `-reset` (Genesys
 * Cloud, "Rate limits"), `osvc-crest-next-request-after` (Oracle B2C Service, "Custom Headers") and
 * `Retry-After`.
 */
export function readRateLimitInfo(answer: HttpAnswer, now: EpochMs): RateLimitInfo {
  const { headers } = answer;
  const resetSeconds = whole(headers["inin-ratelimit-reset"]);
  const resetMs = resetSeconds === undefined ? undefined : resetSeconds * 1000;
  const allowed = whole(headers["inin-ratelimit-allowed"]);
  const pauseMs = pauseOf(answer, resetMs, now);
  return {
    ...(allowed === undefined || allowed === 0 ? {} : { allowed }),
    count: whole(headers["inin-ratelimit-count"]),
    resetMs,
    ...(pauseMs === undefined ? {} : { pauseMs: Math.min(pauseMs, LONGEST_PAUSE_MS) }),
  };
}

function pauseOf(
  answer: HttpAnswer,
  resetMs: number | undefined,
  now: EpochMs,
): number | undefined {
  const asked = waitAskedMs(answer, now);
  if (!isThrottled(answer)) return asked === 0 ? undefined : asked;
  const untold = answer.status === 429 ? UNTOLD_PAUSE_MS : ORACLE_PAUSE_MS;
  return Math.max(SHORTEST_PAUSE_MS, asked ?? resetMs ?? untold);
}

function whole(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}
