import { after, elapsed, type MonotonicMs, monotonicMs } from "../domain/time.ts";
import type { RateLimitInfo } from "../resilience/budget/budget.ts";
import type { SlotDemand } from "../resilience/budget/leases.ts";
import { windowStart } from "../resilience/budget/local-budget.ts";
import type { FleetBudgetState } from "./budget-state.ts";
import {
  LEASE_SCRIPT,
  type LeaseQuestion,
  type LeaseReply,
  leaseArguments,
  readLeaseReply,
} from "./lease-script.ts";
import type { OwnLeases } from "./own-leases.ts";
import type { SharedState } from "./redis.ts";

/** What bounds one budget. */
export interface BudgetAmounts {
  /** Requests in any window, until the API says otherwise. */
  readonly limit: number;
  readonly windowMs: number;
  /** Slots that only the highest priority may take. */
  readonly reserve: number;
  /** How long a request can take at most, in ms. */
  readonly timeoutMs: number;
}

export interface LeaseTableDeps {
  readonly shared: SharedState;
  /** The same for all workers that spend this budget. */
  readonly name: string;
  /** Unlike every other worker's. */
  readonly worker: string;
  readonly amounts: BudgetAmounts;
  readonly own: OwnLeases;
  readonly now: () => MonotonicMs;
  /** The present state: it decides what the table is asked. */
  readonly state: () => FleetBudgetState;
}

export interface LeaseAnswer {
  readonly reply: LeaseReply;
  /** The slots that the table has granted. */
  readonly ids: readonly string[];
}

/** The lease table in Redis, as one worker uses it. */
export interface LeaseTable {
  /**
   * Registers what has changed and asks for slots. Questions are sent one after the other.
   * Rejects if Redis cannot be reached or answers with something else.
   */
  ask(wanted: SlotDemand): Promise<LeaseAnswer>;
  /** The next question reports this too. `pausedUntil` counts if the API asked for a pause. */
  reportNext(info: RateLimitInfo, at: MonotonicMs, pausedUntil: MonotonicMs): void;
  /** Ids for slots that the table does not grant. */
  newIds(count: number): readonly string[];
}

/** What the next question reports. */
interface Pending {
  allowed?: number;
  count?: number;
  windowEndsAt?: MonotonicMs;
  pausedUntil?: MonotonicMs;
  answered: boolean;
}

/** Between the grant of a slot and the sending, at most. */
const SLACK_MS = 5_000;

/** [pure] How long a lease whose answer never comes is held. */
export function leaseTtlMs({ windowMs, timeoutMs }: BudgetAmounts): number {
  return windowMs + timeoutMs + SLACK_MS;
}

export function createLeaseTable(deps: LeaseTableDeps): LeaseTable {
  const { shared, name, worker, amounts, own, now } = deps;
  const { limit, windowMs, reserve } = amounts;
  const keys = ["leases", "book", "workers"].map((part) => `{ringahead:${name}}:${part}`);
  const ttlMs = leaseTtlMs(amounts);
  let pending: Pending = { answered: false };
  let questions = 0;
  let previous: Promise<unknown> = Promise.resolve();

  async function askNow(wanted: SlotDemand): Promise<LeaseAnswer> {
    questions += 1;
    const prefix = `${worker}.${questions}.`;
    const at = now();
    const state = deps.state();
    const reported = pending;
    pending = { answered: false };
    const leases = state.kind === "shared" ? own.changes(at) : own.all(at);
    const args = leaseArguments({
      ...{ windowMs, ttlMs, limit, reserve, worker, presentForMs: ttlMs, wanted, prefix, leases },
      ...membership(state),
      ...reportOf(reported, at),
    });
    try {
      const reply = readLeaseReply(await shared.run(LEASE_SCRIPT, keys, args));
      own.registered(leases);
      return { reply, ids: idsFrom(prefix, reply.granted) };
    } catch (error) {
      pending = { ...reported, ...pending, answered: reported.answered || pending.answered };
      // Redis may have run the script all the same.
      for (const id of idsFrom(prefix, wanted.live + wanted.other)) own.giveUp(id);
      throw error;
    }
  }

  return {
    ask(wanted) {
      const asked = previous.then(() => askNow(wanted));
      previous = asked.catch(() => undefined);
      return asked;
    },
    reportNext(info, at, pausedUntil) {
      pending.answered = true;
      if (info.allowed !== undefined) pending.allowed = info.allowed;
      if (info.count !== undefined) {
        pending.count = info.count;
        pending.windowEndsAt = after(monotonicMs(windowStart(info, at, windowMs)), windowMs);
      }
      if (info.pauseMs !== undefined) pending.pausedUntil = pausedUntil;
    },
    newIds(count) {
      questions += 1;
      return Array.from({ length: count }, (_, i) => `${worker}.${questions}.${i}`);
    },
  };
}

/** As the script names what it grants. */
function idsFrom(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}

function membership(state: FleetBudgetState): Pick<LeaseQuestion, "knownTableId" | "settling"> {
  switch (state.kind) {
    case "shared":
      return { knownTableId: state.table?.id ?? 0, settling: false };
    case "degraded":
      return { knownTableId: -1, settling: false };
    case "rejoining":
      return { knownTableId: state.tableId, settling: true };
  }
}

function reportOf(pending: Pending, at: MonotonicMs) {
  const { allowed, count, windowEndsAt = at, pausedUntil = at, answered } = pending;
  const untilEndMs = Math.max(0, elapsed(at, windowEndsAt));
  return { allowed, count, untilEndMs, pauseMs: Math.max(0, elapsed(at, pausedUntil)), answered };
}
