import { type Clocks, epochMs, monotonicMs } from "../domain/time.ts";

/** The clocks of this machine and this process. */
export function systemClocks(): Clocks {
  return {
    epochNow: () => epochMs(Date.now()),
    monotonicNow: () => monotonicMs(performance.now()),
  };
}
