import { retryWindowMs } from "../domain/conversation/age-limits.ts";
import type { Failure } from "../domain/failure.ts";
import { backoffMs } from "../resilience/backoff.ts";

const MINUTE_MS = 60_000;

const RETRYABLE = { firstMs: 2_000, longestMs: 2 * MINUTE_MS };
/** Somebody has to mend the set-up first, which takes minutes. */
const MISCONFIGURED = { firstMs: 15_000, longestMs: 5 * MINUTE_MS };
/** Nobody was asked: as soon as the breaker has probed, and not all in one moment. */
const NOT_ASKED = { firstMs: 1_000, longestMs: 1_000 };
const LEAST_MS = 1_000;
/** A shorter wait is waited for here: the message stays ours, and no receive is counted for it. */
const HELD_MS = 20_000;

export interface Tried {
  readonly failure: Failure;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly mediaType: string | undefined;
  /** When the message came into the queue, epoch ms. */
  readonly sentAt: number;
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** When the next try is, and where the message waits for it. */
export interface NextTry {
  readonly waitMs: number;
  /** `backlog`: this worker keeps it; `queue`: it goes back with a delay. */
  readonly where: "backlog" | "queue";
  /** The number of that try: one that asked nobody does not count. */
  readonly attempt: number;
}

/**
 * [pure] The next try; undefined where it would come too late to help anybody. An outage ends in
 * `unavailable`, not in the dead-letter queue.
 */
export function nextTry(tried: Tried): NextTry | undefined {
  const { failure, attempt, random, now } = tried;
  const waitMs = Math.max(
    LEAST_MS,
    backoffMs(attempt, random, backoffFor(failure), failure.retryAfterMs),
  );
  if (now + waitMs > tried.sentAt + retryWindowMs(tried.mediaType)) return undefined;
  return {
    waitMs,
    where: waitMs <= HELD_MS ? "backlog" : "queue",
    attempt: failure.code === "circuit_open" ? attempt : attempt + 1,
  };
}

function backoffFor({ code, kind }: Failure) {
  if (code === "circuit_open") return NOT_ASKED;
  return kind === "misconfigured" ? MISCONFIGURED : RETRYABLE;
}
