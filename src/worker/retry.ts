import type { Failure } from "../failure.ts";
import { backoffMs } from "../protection/backoff.ts";
import { worthForMs } from "../route/worth.ts";

const MINUTE_MS = 60_000;

const RETRYABLE = { firstMs: 2_000, longestMs: 2 * MINUTE_MS };
/** Somebody has to mend the set-up first, which takes minutes. */
const MISCONFIGURED = { firstMs: 15_000, longestMs: 5 * MINUTE_MS };

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

/**
 * [pure] How long to wait before the next try, in ms; undefined where the next would come too late
 * to help anybody. An outage ends in `unavailable`, not in the dead-letter queue.
 */
export function nextTryMs(tried: Tried): number | undefined {
  const { failure, attempt, random, now } = tried;
  const backoff = failure.kind === "misconfigured" ? MISCONFIGURED : RETRYABLE;
  const waitMs = Math.max(1000, backoffMs(attempt, random, backoff, failure.retryAfterMs));
  const endsAt = tried.sentAt + worthForMs(tried.mediaType);
  return now + waitMs <= endsAt ? waitMs : undefined;
}
