import { after, type Clocks, epochMs, monotonicMs } from "../../src/domain/time.ts";

/** Both clocks of a process, moved by a test. */
export interface TestClocks extends Clocks {
  /** Time passes: both clocks advance. */
  pass(ms: number): void;
  /** The wall clock is corrected, backwards if `ms` is negative. */
  correct(ms: number): void;
}

export const HOUR_MS = 3_600_000;

/** Clocks that stand still until a test moves them. */
export function createTestClocks(epoch = Date.parse("2026-11-20T10:00:00Z")): TestClocks {
  let wall = epochMs(epoch);
  let monotonic = monotonicMs(1_000);
  return {
    epochNow: () => wall,
    monotonicNow: () => monotonic,
    pass(ms) {
      wall = after(wall, ms);
      monotonic = after(monotonic, ms);
    },
    correct(ms) {
      wall = after(wall, ms);
    },
  };
}
