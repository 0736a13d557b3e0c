import type { Failure } from "../domain/failure.ts";
import { elapsed, type MonotonicMs } from "../domain/time.ts";
import type { WorkerLoad } from "../pipeline/worker.ts";

/** What a process does once it has its tokens: a worker consumes the queue, `serve` answers lookups. */
export type Activity = "consuming" | "serving";

/** The life of a process. A state has only what is known in it. */
export type ProcessLife =
  /** The configuration is valid. Queues are being checked and tokens requested. */
  | { readonly state: "starting" }
  /** A token was refused. Nothing is consumed until it is issued. */
  | { readonly state: "waiting_for_tokens"; readonly failure: Failure }
  | { readonly state: "active"; readonly activity: Activity }
  /** No more polling. Work in progress is completed or requeued. */
  | { readonly state: "draining"; readonly because: string }
  | { readonly state: "stopped"; readonly because: string };

export const STARTING: ProcessLife = { state: "starting" };

/** [pure] A token was refused. The latest failure counts. */
export function tokenRefused(life: ProcessLife, failure: Failure): ProcessLife {
  return isBeforeActivity(life) ? { state: "waiting_for_tokens", failure } : life;
}

/** [pure] Both tokens are issued. After a request to stop, nothing changes. */
export function begun(life: ProcessLife, activity: Activity): ProcessLife {
  return isBeforeActivity(life) ? { state: "active", activity } : life;
}

/** [pure] A signal asks the process to stop, in any state. The first reason counts. */
export function stopRequested(life: ProcessLife, because: string): ProcessLife {
  return life.state === "draining" || life.state === "stopped"
    ? life
    : { state: "draining", because };
}

/** [pure] Everything is drained. Without a request to stop, nothing changes. */
export function drained(life: ProcessLife): ProcessLife {
  return life.state === "draining" ? { state: "stopped", because: life.because } : life;
}

function isBeforeActivity({ state }: ProcessLife): boolean {
  return state === "starting" || state === "waiting_for_tokens";
}

/** A state as `/readyz` shows it. */
export type Phase =
  | { readonly name: "starting" | Activity }
  | { readonly name: "proving" | "draining"; readonly because: string };

/** [pure] */
export function phaseOf(life: ProcessLife): Phase {
  switch (life.state) {
    case "starting":
      return { name: "starting" };
    case "waiting_for_tokens":
      return { name: "proving", because: life.failure.message };
    case "active":
      return { name: life.activity };
    case "draining":
    case "stopped":
      return { name: "draining", because: life.because };
  }
}

/** Holds the life of this process. Its methods are the transitions of the same names. */
export interface Lifecycle {
  phase(): Phase;
  tokenRefused(failure: Failure): void;
  /** @returns whether the process may begin: false after a request to stop. */
  begun(activity: Activity): boolean;
  drained(): void;
}

/** @param stopReason why the process is asked to stop; undefined before it is */
export function createLifecycle(stopReason: () => string | undefined): Lifecycle {
  let held = STARTING;

  function current(): ProcessLife {
    const because = stopReason();
    if (because !== undefined) held = stopRequested(held, because);
    return held;
  }

  return {
    phase: () => phaseOf(current()),
    tokenRefused(failure) {
      held = tokenRefused(current(), failure);
    },
    begun(activity) {
      held = begun(current(), activity);
      return held.state === "active";
    },
    drained() {
      held = drained(current());
    },
  };
}

/** A poll ends after 5 s and a request to SQS after 15 s, so a healthy loop moves within this time. */
const STILL_MS = 90_000;

/** [pure] Whether the loop still moves. A worker that stands still must be replaced. */
export function isMoving(load: WorkerLoad | undefined, now: MonotonicMs): boolean {
  return load === undefined || elapsed(load.movedAt, now) <= STILL_MS;
}
