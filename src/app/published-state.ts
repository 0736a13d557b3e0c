import type { ApiState, BudgetMode } from "../domain/api-state.ts";
import { after, type Clocks, elapsed } from "../domain/time.ts";
import type { WorkerLoad } from "../pipeline/worker.ts";

/** The words of `/readyz` for {@link BudgetMode}: monitors compare them. */
const PUBLISHED_MODES: Readonly<Record<BudgetMode, string>> = {
  alone: "alone",
  shared: "together",
  degraded: "apart",
};

/** The state of an API as `/readyz` shows it. */
export function publishedState(state: ApiState) {
  const { mode, ...budget } = state.budget;
  return { ...state, budget: { standing: PUBLISHED_MODES[mode], ...budget } };
}

/** The load as `/readyz` shows it: the last move by the wall clock. */
export function publishedLoad(load: WorkerLoad | undefined, { epochNow, monotonicNow }: Clocks) {
  if (load === undefined) return undefined;
  const stillForMs = Math.round(elapsed(load.movedAt, monotonicNow()));
  return { ...load, movedAt: after(epochNow(), -stillForMs) };
}
