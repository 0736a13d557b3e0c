import { after, elapsed, type MonotonicMs, monotonicMs } from "../domain/time.ts";
import type { BudgetEvent, RateLimitInfo } from "../resilience/budget/budget.ts";
import {
  type FleetBudgetState,
  firstState,
  type Moment,
  rateLimitReported,
  tableAnswered,
  tableLost,
} from "./budget-state.ts";
import type { LeaseReply } from "./lease-script.ts";
import type { OwnLeases } from "./own-leases.ts";

export interface BudgetTrackerDeps {
  readonly limit: number;
  /** Within this time every live worker has registered its leases in a table that is back. */
  readonly settleMs: number;
  readonly own: OwnLeases;
  readonly now: () => MonotonicMs;
  readonly report: (event: BudgetEvent) => void;
  readonly onDegraded: () => void;
}

/** The present state of a fleet budget. Its changes are reported. */
export interface BudgetTracker {
  readonly state: FleetBudgetState;
  /** The API asked for a pause until then. */
  readonly pausedUntil: MonotonicMs;
  readonly pausedForMs: number;
  tableAnswered(reply: LeaseReply): void;
  tableLost(because: string): void;
  rateLimitReported(info: RateLimitInfo, at: MonotonicMs): void;
  /** The state does not become degraded any more. */
  close(): void;
}

export function createBudgetTracker(deps: BudgetTrackerDeps): BudgetTracker {
  const { settleMs, own, now, report } = deps;
  let state: FleetBudgetState = firstState(deps.limit);
  let pausedUntil = monotonicMs(0);
  let closed = false;

  function become(next: FleetBudgetState): void {
    const before = state;
    const degrades = before.kind === "shared" && next.kind === "degraded";
    if (closed && degrades) return;
    state = next;
    if (degrades) {
      report({ kind: "degraded", because: next.because });
      deps.onDegraded();
    } else if (before.kind !== "shared" && next.kind === "shared") {
      report({ kind: "shared", workers: next.table?.workers ?? 1 });
    }
  }

  function moment(): Moment {
    const at = now();
    return { at, heldIds: own.heldIds(at) };
  }

  function pause(forMs: number, at: MonotonicMs): void {
    pausedUntil = monotonicMs(Math.max(pausedUntil, after(at, forMs)));
  }

  return {
    get state() {
      return state;
    },
    get pausedUntil() {
      return pausedUntil;
    },
    get pausedForMs() {
      return Math.max(0, elapsed(now(), pausedUntil));
    },
    tableAnswered({ limit, used, workers, tableId: id, foreign, pausedForMs }) {
      const answer = { limit, table: { id, left: limit - used, workers } };
      const next = tableAnswered(state, answer, moment(), settleMs);
      if (next.kind === "shared") {
        if (limit !== state.limit) report({ kind: "limited", limit, before: state.limit });
        if (foreign > 0) report({ kind: "foreign", count: foreign });
        pause(pausedForMs, now());
      }
      become(next);
    },
    tableLost(because) {
      become(tableLost(state, because, moment()));
    },
    rateLimitReported(info, at) {
      if (info.pauseMs !== undefined) {
        if (pausedUntil <= at) report({ kind: "paused", forMs: info.pauseMs });
        pause(info.pauseMs, at);
      }
      become(rateLimitReported(state, info));
    },
    close() {
      closed = true;
    },
  };
}
