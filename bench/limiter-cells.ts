import type { WindowPolicy } from "../src/sandbox/simulators/genesys-cloud/rate-window.ts";

/**
 * How the load comes:
 * - `saturated`: more is wanted than is allowed, from the limiter's creation on.
 * - `late`: the limiter is idle for most of a window first.
 * - `restarted`: in the middle every worker is replaced by a fresh one that remembers nothing.
 * - `wiped`: in the middle Redis loses all that it holds.
 */
export type Load = "saturated" | "late" | "restarted" | "wiped";

/** One server with one window, and those who want something of it. */
export interface Cell {
  readonly id: string;
  readonly policy: WindowPolicy;
  readonly load: Load;
  readonly seed: number;
}

export interface Scale {
  readonly limit: number;
  readonly windowMs: number;
  /** Mean time there and back, and how far each way strays from its half of it. */
  readonly roundTripMs: number;
  readonly jitterMs: number;
  /** How long each cell runs, in windows. */
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

/** When something happens in the middle, in windows from the start. */
export const MIDDLE = 2.4;
/** How long a late load waits, in windows. */
export const LATE = 0.8;

/** What one worker process is told to do. */
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
