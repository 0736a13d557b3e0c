import type { FailureCode, FailureSource } from "./failure.ts";

/** How one API stands: for readiness and metrics. */
export interface ApiState {
  readonly source: FailureSource;
  readonly breaker: BreakerStatus;
  readonly budget: BudgetState;
  /** Calls that wait for budget. */
  readonly waiting: number;
}

export interface BreakerStatus {
  readonly state: "closed" | "open" | "probing";
  /** Why it is not closed. */
  readonly code?: FailureCode;
}

/**
 * `alone`: this process shares no budget. `shared`: the fleet's lease table grants the slots.
 * `degraded`: the lease table cannot be used, and the worker keeps to its share of the limit.
 */
export type BudgetMode = "alone" | "shared" | "degraded";

export interface BudgetState {
  readonly mode: BudgetMode;
  /** Undefined where the number of requests is not limited. */
  readonly limit: number | undefined;
  /** Slots that are held now, by the fleet where there is one. */
  readonly used: number;
  readonly pausedForMs: number;
  /** How many workers share it, this one included. */
  readonly workers: number;
}

/** How much one API can be asked, seen from one worker. */
export interface Capacity {
  /** Requests a minute that are this worker's share, `Infinity` where they are not limited. */
  readonly perMinute: number;
  /** Requests that could be made until a lookup that begins now has ended. */
  readonly free: number;
  /** Requests that could be made at this moment. */
  readonly freeNow: number;
  /** It has asked for a rest of so many ms; the requests above are free after it. */
  readonly pausedForMs: number;
}
