declare const clock: unique symbol;

/**
 * A moment by a wall clock: ms since 1970-01-01 UTC. Events, messages, tombstones and everything that
 * is written carry it. It may jump when a clock is corrected, so no duration is measured with it.
 */
export type EpochMs = number & { readonly [clock]: "epoch" };

/**
 * A moment by the monotonic clock of a process (ms since it started). Durations, breakers, budgets and
 * deadlines are measured with it. It never jumps, and it means nothing elsewhere.
 */
export type MonotonicMs = number & { readonly [clock]: "monotonic" };

/** The two clocks that a process has. */
export interface Clocks {
  readonly epochNow: () => EpochMs;
  readonly monotonicNow: () => MonotonicMs;
}

/** A number of ms since 1970-01-01 UTC, as it comes from outside, as a moment. */
export function epochMs(ms: number): EpochMs {
  return ms as EpochMs;
}

/** A number of ms of the monotonic clock as a moment. */
export function monotonicMs(ms: number): MonotonicMs {
  return ms as MonotonicMs;
}

/** The moment `ms` after `at` (before it if negative), by the same clock. */
export function after<T extends EpochMs | MonotonicMs>(at: T, ms: number): T {
  return (at + ms) as T;
}

/** From `from` until `to`, in ms; negative if `to` is the earlier one. Both by the same clock. */
export function elapsed<T extends EpochMs | MonotonicMs>(from: T, to: NoInfer<T>): number {
  return to - from;
}
