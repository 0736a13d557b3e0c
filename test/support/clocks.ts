import { after, type Clocks, epochMs, monotonicMs } from "../../src/domain/time.ts";

/** Both clocks of a process, moved by a test. */
export interface TestClocks extends Clocks {
  /** Time passes: both clocks go on. */
  pass(ms: number): void;
  /** Somebody corrects the wall clock, backwards if `ms` is negative. */
  correct(ms: number): void;
}

export const HOUR_MS = 3_600_000;

export function createTestClocks(): TestClocks {
  let epoch = epochMs(Date.parse("2026-11-20T10:00:00Z"));
  let monotonic = monotonicMs(1_000);
  return {
    epochNow: () => epoch,
    monotonicNow: () => monotonic,
    pass(ms) {
      epoch = after(epoch, ms);
      monotonic = after(monotonic, ms);
    },
    correct(ms) {
      epoch = after(epoch, ms);
    },
  };
}
