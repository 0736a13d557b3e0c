interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * [pure] The wait after failed attempt number `attempt` (from 1), in ms: exponential with full jitter,
 * added to the wait that the API requested (`retryAfterMs`). `random` is in [0, 1).
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
