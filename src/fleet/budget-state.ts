import type { BudgetState } from "../domain/api-state.ts";
import { after, type MonotonicMs } from "../domain/time.ts";
import type { RateLimitInfo } from "../resilience/budget/budget.ts";

/** The lease table grants the slots. */
export interface Shared {
  readonly kind: "shared";
  readonly limit: number;
  /** As it answered last; undefined before its first answer. */
  readonly table: TableView | undefined;
}

/** The lease table cannot be used: the worker keeps to its share of the limit. */
export interface Degraded extends LastKnown {
  readonly kind: "degraded";
}

/**
 * The lease table answers again. Until every live worker has registered its leases there, a slot
 * needs both: a place in this worker's share, and a grant of the table.
 */
export interface Rejoining extends LastKnown {
  readonly kind: "rejoining";
  readonly tableId: number;
  readonly settlesAt: MonotonicMs;
}

/** What one worker knows of the budget that it shares. */
export type FleetBudgetState = Shared | Degraded | Rejoining;

/** The lease table as one worker sees it. */
export interface TableView {
  /** A table that was lost and begun anew has another id. */
  readonly id: number;
  /** Slots that no worker holds. */
  readonly left: number;
  /** This one included. */
  readonly workers: number;
}

/** What a worker goes by without the lease table. */
interface LastKnown {
  /** Since when the table has not been usable. */
  readonly since: MonotonicMs;
  readonly because: string;
  readonly limit: number;
  /** Slots that no worker held at `since`, as far as this worker knows. */
  readonly left: number;
  readonly workers: number;
  /** Leases that this worker held at `since`. */
  readonly heldIds: readonly string[];
  /** Whether a request sent since then was answered with no pause asked for. */
  readonly probed: boolean;
}

/** A worker that the lease table has never answered assumes that the fleet has so many. */
const ASSUMED_WORKERS = 10;
export const ANOTHER_TABLE = "Redis has lost the lease table and holds a new one";
export const RECONNECTED = "the connection to Redis was lost";

/** [pure] The state before anything is known of the fleet. */
export function firstState(limit: number): Shared {
  return { kind: "shared", limit, table: undefined };
}

/** What one answer of the lease table says of the budget. */
export interface TableAnswer {
  readonly limit: number;
  readonly table: TableView;
}

/** What a transition goes by besides its cause. */
export interface Moment {
  readonly at: MonotonicMs;
  /** Leases that this worker holds. */
  readonly heldIds: readonly string[];
}

/**
 * [pure] The lease table has answered.
 * - Shared: the answer counts, unless it is of another table. Then the worker is degraded.
 * - Degraded: the worker rejoins.
 * - Rejoining: shared after `settleMs` with one table. Another table restarts the wait.
 */
export function tableAnswered(
  state: FleetBudgetState,
  { limit, table }: TableAnswer,
  moment: Moment,
  settleMs: number,
): FleetBudgetState {
  const known = knowsTable(state, table.id);
  switch (state.kind) {
    case "shared":
      return known ? { kind: "shared", limit, table } : tableLost(state, ANOTHER_TABLE, moment);
    case "degraded":
      return rejoining(state, table.id, after(moment.at, settleMs));
    case "rejoining":
      if (!known) return rejoining(state, table.id, after(moment.at, settleMs));
      return moment.at < state.settlesAt ? state : { kind: "shared", limit, table };
  }
}

/** [pure] Redis failed, or holds another table. A worker that is degraded already stays as it is. */
export function tableLost(
  state: FleetBudgetState,
  because: string,
  { at, heldIds }: Moment,
): Degraded {
  if (state.kind === "degraded") return state;
  if (state.kind === "rejoining") {
    const { tableId: _tableId, settlesAt: _settlesAt, ...lastKnown } = state;
    return { ...lastKnown, kind: "degraded", because };
  }
  const { limit, table } = state;
  const { left, workers } = table ?? { left: limit, workers: ASSUMED_WORKERS };
  return { kind: "degraded", since: at, because, limit, left, workers, heldIds, probed: false };
}

/**
 * [pure] The API has answered with rate-limit information. Without the lease table the first answer
 * says what all workers have spent: less may be left than this worker knew.
 */
export function rateLimitReported(state: FleetBudgetState, info: RateLimitInfo): FleetBudgetState {
  if (state.kind === "shared") return state;
  const limit = info.allowed ?? state.limit;
  const reported = limit - (info.count ?? 0);
  const left = state.probed ? state.left : Math.max(0, Math.min(state.left, reported));
  return { ...state, limit, left, probed: info.pauseMs === undefined };
}

function rejoining(lastKnown: Degraded | Rejoining, tableId: number, settlesAt: MonotonicMs) {
  return { ...lastKnown, kind: "rejoining", tableId, settlesAt } as const;
}

/** [pure] Whether slots that this table grants may be used in this state. */
export function knowsTable(state: FleetBudgetState, id: number): boolean {
  switch (state.kind) {
    case "shared":
      return state.table === undefined || state.table.id === id;
    case "degraded":
      return false;
    case "rejoining":
      return state.tableId === id;
  }
}

/** [pure] How the state looks to readiness and metrics. `held`: the leases of this worker. */
export function publicState(
  state: FleetBudgetState,
  { held, pausedForMs }: { readonly held: number; readonly pausedForMs: number },
): BudgetState {
  const { limit } = state;
  if (state.kind !== "shared") {
    return { mode: "degraded", limit, used: held, pausedForMs, workers: state.workers };
  }
  const { left, workers } = state.table ?? { left: limit, workers: 1 };
  return { mode: "shared", limit, used: limit - left, pausedForMs, workers };
}
