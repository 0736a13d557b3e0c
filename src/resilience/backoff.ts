export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * [pure] How long to wait before the try after `attempt` (1 for the first that failed), in ms:
 * exponential with full jitter, never less than the other side asked for (`retryAfterMs`).
 * `random` is a number in [0, 1).
 */
export function backoffMs(
  attempt: number,
  random: number,
  backoff: Backoff,
  retryAfterMs = 0,
): number {
  const ceiling = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(retryAfterMs + random * ceiling);
}
