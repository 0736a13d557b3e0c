import type { Budget, Slot } from "./budget/budget.ts";
import type { SlotDemand } from "./budget/leases.ts";
import { LONGEST_TIMER_MS } from "./waiting-calls.ts";

interface RefillDeps {
  readonly budget: Budget;
  readonly demand: () => SlotDemand;
  /** Takes over granted slots. Resolves when the next demand can be made. */
  readonly granted: (slots: readonly Slot[]) => Promise<void>;
  /** The budget has no slot before `waitMs`. */
  readonly postponed: (waitMs: number) => void;
}

/** Takes slots from the budget as long as there is a demand. */
interface Refill {
  /** Looks at the demand, now and once more if it is called meanwhile. */
  start(): void;
  stop(): void;
}

export function createRefill({ budget, demand, granted, postponed }: RefillDeps): Refill {
  let isRunning = false;
  let runAgain = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    if (isRunning) {
      runAgain = true;
      return;
    }
    isRunning = true;
    try {
      do runAgain = false;
      while (!isStopped && ((await takeOnce()) || runAgain));
    } finally {
      isRunning = false;
    }
  }

  /** Returns whether the budget may have more slots at once. */
  async function takeOnce(): Promise<boolean> {
    clearTimeout(timer);
    const wanted = demand();
    if (wanted.live + wanted.other === 0) return false;
    const { slots, againInMs } = await budget.take(wanted);
    if (slots.length > 0) {
      await granted(slots);
      return true;
    }
    if (isStopped || againInMs === Number.POSITIVE_INFINITY) return false;
    postponed(againInMs);
    timer = setTimeout(() => void run(), Math.min(Math.max(1, againInMs), LONGEST_TIMER_MS));
    return false;
  }

  return {
    start: () => void run(),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
