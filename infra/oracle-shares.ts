import type { SizeProps } from "./sizes.ts";

/** How the workers and lookups divide the concurrent requests that Oracle allows. */
export interface OracleShares {
  /** Each worker's `ORACLE_CONCURRENCY`. */
  readonly eachWorker: number;
  /** The most workers. */
  readonly mostTasks: number;
  /** Concurrent lookups on demand: one for each instance of the function. */
  readonly lookups: number;
}

/** Scaling adds no worker that would get fewer requests than these. */
const LEAST_PER_WORKER = 4;

/**
 * [pure] Divides the limit between lookups on demand and the most workers that may run.
 * @param cap the most concurrent requests to Oracle
 * @throws {RangeError} if the limit is too small for one request each
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
  const useful = Math.floor(forWorkers / LEAST_PER_WORKER);
  const mostTasks = Math.max(least, Math.min(size.mostTasks, useful));
  return { eachWorker: Math.floor(forWorkers / mostTasks), mostTasks, lookups };
}
