import type { Failure } from "../domain/failure.ts";
import type { WorkerLoad } from "../pipeline/worker.ts";

/**
 * The life of a process, in order:
 * - `starting`: configuration is good, the queues are being proven;
 * - `proving`: a token is refused, and nothing is consumed until it is given;
 * - `consuming`, or `serving` where lookups are answered on demand;
 * - `draining`: no more polling, what is in hand is finished or given back.
 */
export type Phase =
  | { readonly name: "starting" | "consuming" | "serving" }
  | { readonly name: "proving" | "draining"; readonly because: string };

/** What is known of a process' life. */
export interface ProcessLife {
  /** The signal that asked it to stop. */
  readonly stopAsked: string | undefined;
  /** What it does by now; undefined where that has not begun. */
  readonly does: "consuming" | "serving" | undefined;
  /** Why a token is not had yet. */
  readonly unproven: Failure | undefined;
}

/** [pure] */
export function phaseOf({ stopAsked, does, unproven }: ProcessLife): Phase {
  if (stopAsked !== undefined) return { name: "draining", because: stopAsked };
  if (does !== undefined) return { name: does };
  if (unproven === undefined) return { name: "starting" };
  return { name: "proving", because: unproven.message };
}

/** Polls end after 5 s, and requests to SQS after 15 s: a loop that moves has moved within this time. */
const STILL_MS = 90_000;

/** [pure] Whether the loop still moves; a worker that stands still is best replaced. */
export function isMoving(load: WorkerLoad | undefined, now: number): boolean {
  return load === undefined || now - load.movedAt <= STILL_MS;
}
