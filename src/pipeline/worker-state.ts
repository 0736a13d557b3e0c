/** The life of a worker's loop. */
export type WorkerState =
  | { readonly phase: "created" }
  | { readonly phase: "polling" }
  /** `finished` resolves when every held message is settled. */
  | { readonly phase: "draining"; readonly because: string; readonly finished: Promise<void> };

/** [pure] Polling begins once; a worker that drains never polls again. */
export function started(state: WorkerState): WorkerState {
  return state.phase === "created" ? { phase: "polling" } : state;
}

/** The first reason to stop begins the drain; later ones change nothing. */
export function stopped(
  state: WorkerState,
  because: string,
  drain: (because: string) => Promise<void>,
): Extract<WorkerState, { phase: "draining" }> {
  if (state.phase === "draining") return state;
  return { phase: "draining", because, finished: drain(because) };
}
