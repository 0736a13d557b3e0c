import type { FailureCode, FailureSource } from "./failure.ts";

/** The state of one API, for readiness and metrics. */
export interface ApiState {
  readonly source: FailureSource;
  readonly breaker: BreakerStatus;
  readonly budget: BudgetState;
  /** The number of calls that wait for budget. */
  readonly waiting: number;
}

export interface BreakerStatus {
  readonly state: "closed" | "open" | "probing";
  /** Why the breaker is not closed. */
  readonly code?: FailureCode;
}

/**
 * `alone`: this process shares no budget. `shared`: the fleet's lease table grants the slots.
 * `degraded`: the lease table cannot be used, and the worker keeps to its share of the limit.
 */
export type BudgetMode = "alone" | "shared" | "degraded";

export interface BudgetState {
  readonly mode: BudgetMode;
  /** Requests in a window; undefined if they are not limited. */
  readonly limit: number | undefined;
  /** Slots that are held now, by the whole fleet if there is one. */
  readonly used: number;
  readonly pausedForMs: number;
  /** Workers that share the budget, this one included. */
  readonly workers: number;
}

/** The requests that one worker can send to one API. */
export interface Capacity {
  /** This worker's share in requests a minute; `Infinity` if they are not limited. */
  readonly perMinute: number;
  /** Requests that can be sent until a lookup that begins now has ended. */
  readonly free: number;
  /** Requests that can be sent now. */
  readonly freeNow: number;
  /** The API has asked for a pause of this length. `free` and `freeNow` hold after it. */
  readonly pausedForMs: number;
}
