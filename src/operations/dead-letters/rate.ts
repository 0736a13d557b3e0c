import { setTimeout as delay } from "node:timers/promises";

/**
 * Lets through `perSecond` callers a second at most, evenly; one that had to wait longer does not
 * make up for it.
 * @returns resolves when it is the caller's turn, or `signal` is aborted.
 */
export function createRate(
  perSecond: number,
  now: () => number,
  signal: AbortSignal,
): () => Promise<void> {
  const gapMs = 1000 / perSecond;
  let next = 0;
  return async () => {
    const at = Math.max(now(), next);
    next = at + gapMs;
    const waitMs = at - now();
    if (waitMs >= 1) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
