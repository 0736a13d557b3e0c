import { retryWindowMs } from "../domain/conversation/age-limits.ts";
import type { Failure } from "../domain/failure.ts";
import type { EpochMs } from "../domain/time.ts";
import { backoffMs } from "../resilience/backoff.ts";

const MINUTE_MS = 60_000;

const RETRYABLE = { firstMs: 2_000, longestMs: 2 * MINUTE_MS };
/** The set-up has to be mended first, which takes minutes. */
const MISCONFIGURED = { firstMs: 15_000, longestMs: 5 * MINUTE_MS };
/** Nothing was sent: as soon as the breaker has probed, but not all in the same moment. */
const NOT_SENT = { firstMs: 1_000, longestMs: 1_000 };
const LEAST_MS = 1_000;
/** A shorter wait is spent in the backlog: the message stays ours, and no receive is counted. */
const HELD_MS = 20_000;

export interface FailedAttempt {
  readonly failure: Failure;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly mediaType: string | undefined;
  /** When the message was sent to the queue. */
  readonly sentAt: EpochMs;
  readonly now: EpochMs;
  /** In [0, 1). */
  readonly random: number;
}

/** When the next attempt is due, and where the message waits for it. */
export interface NextAttempt {
  readonly waitMs: number;
  /** `backlog`: this worker keeps it; `queue`: it is requeued with a delay. */
  readonly where: "backlog" | "queue";
  /** The number of that attempt: one that sent nothing does not count. */
  readonly attempt: number;
}

/**
 * [pure] The next attempt; undefined if it would come too late to help. An outage ends in
 * `unavailable`, not in the dead-letter queue.
 */
export function planNextAttempt(failed: FailedAttempt): NextAttempt | undefined {
  const { failure, attempt, random, now } = failed;
  const waitMs = Math.max(
    LEAST_MS,
    backoffMs(attempt, random, backoffFor(failure), failure.retryAfterMs),
  );
  if (now + waitMs > failed.sentAt + retryWindowMs(failed.mediaType)) return undefined;
  return {
    waitMs,
    where: waitMs <= HELD_MS ? "backlog" : "queue",
    attempt: failure.code === "circuit_open" ? attempt : attempt + 1,
  };
}

function backoffFor({ code, kind }: Failure) {
  if (code === "circuit_open") return NOT_SENT;
  return kind === "misconfigured" ? MISCONFIGURED : RETRYABLE;
}
