import { after, type Clocks, epochMs, monotonicMs } from "../../src/domain/time.ts";

/** Clocks that stand still until a test moves them. */
export interface TestClocks extends Clocks {
  /** Lets time pass on both clocks. */
  advance(ms: number): void;
  /** Corrects the wall clock, by a negative number backwards. The monotonic clock does not notice. */
  setWallClock(byMs: number): void;
}

export function testClocks(epoch = 0): TestClocks {
  let wall = epochMs(epoch);
  let monotonic = monotonicMs(0);
  return {
    epochNow: () => wall,
    monotonicNow: () => monotonic,
    advance(ms) {
      wall = after(wall, ms);
      monotonic = after(monotonic, ms);
    },
    setWallClock(byMs) {
      wall = after(wall, byMs);
    },
  };
}
