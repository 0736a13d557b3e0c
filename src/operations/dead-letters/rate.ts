import { setTimeout as delay } from "node:timers/promises";

/**
 * Spreads calls evenly, at most `perSecond` a second. Time that no caller used is not made up.
 * @param now monotonic ms
 * @returns resolves when the caller may go on, or when `signal` is aborted
 */
export function createRate(
  perSecond: number,
  now: () => number,
  signal: AbortSignal,
): () => Promise<void> {
  const intervalMs = 1000 / perSecond;
  let next = 0;
  return async () => {
    const at = Math.max(now(), next);
    next = at + intervalMs;
    const waitMs = at - now();
    if (waitMs >= 1) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
