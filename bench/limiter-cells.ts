import type { WindowPolicy } from "../src/sandbox/simulators/genesys-cloud/rate-window.ts";

/**
 * The load of a cell:
 * - `saturated`: always more requests than the limit.
 * - `late`: the same, after the limiter was idle for most of a window.
 * - `restarted`: in the middle every worker is replaced by a new one.
 * - `wiped`: in the middle Redis loses all data.
 */
export type Load = "saturated" | "late" | "restarted" | "wiped";

/** One rate window with one load. */
export interface Cell {
  readonly id: string;
  readonly policy: WindowPolicy;
  readonly load: Load;
  readonly seed: number;
}

export interface Scale {
  readonly limit: number;
  readonly windowMs: number;
  /** Mean round trip, and mean jitter of each way. */
  readonly roundTripMs: number;
  readonly jitterMs: number;
  /** Duration of each cell, in windows. */
  readonly windows: number;
}

export const SCALED: Scale = {
  limit: 300,
  windowMs: 6_000,
  roundTripMs: 12,
  jitterMs: 3,
  windows: 5.1,
};
export const FULL: Scale = {
  limit: 300,
  windowMs: 60_000,
  roundTripMs: 120,
  jitterMs: 30,
  windows: 5.1,
};

/** Time of the restart or wipe, in windows from the start. */
export const MIDDLE = 2.4;
/** Wait of a late load, in windows. */
export const LATE = 0.8;

/** The task of one worker process. */
export interface WorkerTask {
  readonly server: string;
  readonly strategy: string;
  readonly redisUrl: string;
  readonly worker: number;
  readonly workers: number;
  readonly scale: Scale;
  readonly cells: readonly Cell[];
}

const policies: readonly WindowPolicy[] = ["fixed", "sliding", "aligned"];

export function cellsOf(loads: readonly Load[]): readonly Cell[] {
  return policies.flatMap((policy, row) =>
    loads.map((load, column) => ({
      id: `${policy}-${load}`,
      policy,
      load,
      seed: 1 + row * 10 + column,
    })),
  );
}
