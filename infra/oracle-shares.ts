import type { SizeProps } from "./sizes.ts";

/** Requests at once that Oracle takes from all of us together, and who may make how many of them. */
export interface OracleShares {
  /** Each worker's `ORACLE_CONCURRENCY`. */
  readonly eachWorker: number;
  /** Workers at most. */
  readonly mostTasks: number;
  /** Lookups on demand: one for each instance of the function. */
  readonly lookups: number;
}

/** A worker with fewer than these is better done without. */
const WORTH_A_WORKER = 4;

/**
 * [pure] Divides the cap between lookups on demand and as many workers as there may ever be.
 * @throws {RangeError} where it is too small for everybody to have one
 */
export function oracleShares(
  cap: number,
  lookups: number,
  size: Pick<SizeProps, "tasks" | "mostTasks">,
): OracleShares {
  const forWorkers = cap - lookups;
  const least = Math.max(1, size.tasks);
  if (forWorkers < least) {
    throw new RangeError(
      `-c oracleConcurrency=${cap} is too small for ${least} workers and ${lookups} lookups at once`,
    );
  }
  const useful = Math.floor(forWorkers / WORTH_A_WORKER);
  const mostTasks = Math.max(least, Math.min(size.mostTasks, useful));
  return { eachWorker: Math.floor(forWorkers / mostTasks), mostTasks, lookups };
}
