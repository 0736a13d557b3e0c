import { after, type MonotonicMs } from "../domain/time.ts";
import type { Budget, BudgetEvent, Slot, SlotGrant } from "../resilience/budget/budget.ts";
import type { SlotDemand } from "../resilience/budget/leases.ts";
import { ANOTHER_TABLE, knowsTable, publicState, RECONNECTED } from "./budget-state.ts";
import { createBudgetTracker } from "./budget-tracker.ts";
import { allotShare, freeSlots, type OwnUsage } from "./degraded-share.ts";
import { createHeartbeat } from "./heartbeat.ts";
import {
  type BudgetAmounts,
  createLeaseTable,
  type LeaseAnswer,
  leaseTtlMs,
} from "./lease-table.ts";
import { createOwnLeases } from "./own-leases.ts";
import { LONGEST_RECONNECT_MS, type SharedState } from "./redis.ts";

export interface FleetBudgetOptions {
  readonly shared: SharedState;
  /** The same for all workers that spend this budget. */
  readonly name: string;
  /** Unlike every other worker's. */
  readonly worker: string;
  readonly amounts: BudgetAmounts;
  readonly now: () => MonotonicMs;
  readonly report: (event: BudgetEvent) => void;
}

const NOTHING: SlotDemand = { live: 0, other: 0 };

/**
 * The budget of a fleet: one lease table in Redis, from which every worker leases slots for its
 * callers. `budget-state.ts` has its states and their transitions.
 */
export function createFleetBudget(options: FleetBudgetOptions): Budget {
  const { shared, amounts, now, report } = options;
  const { limit, windowMs, reserve } = amounts;
  const ttlMs = leaseTtlMs(amounts);
  const bounds = { reserve, firstWindowMs: ttlMs };
  const beatMs = Math.min(1_000, Math.max(100, windowMs / 24));
  const settleMs = LONGEST_RECONNECT_MS + 2 * beatMs + 500;
  const own = createOwnLeases(windowMs, ttlMs);
  const onDegraded = () => void beat();
  const tracker = createBudgetTracker({ limit, settleMs, own, now, report, onDegraded });
  const table = createLeaseTable({ ...options, own, state: () => tracker.state });
  const heartbeat = createHeartbeat(
    beat,
    () => own.changed && tracker.state.kind === "shared",
    beatMs,
  );
  const stopListening = shared.onBack(() => tracker.tableLost(RECONNECTED));

  /** Registers what has changed, and follows the state of the table. */
  async function beat(): Promise<void> {
    try {
      const { reply } = await table.ask(NOTHING);
      tracker.tableAnswered(reply);
    } catch (error) {
      tracker.tableLost(reasonOf(error));
    }
  }

  /**
   * Slots that the table grants; undefined if they may not be used.
   * @param withinShare the share allows them, so a worker that rejoins may use them
   */
  async function lease(
    wanted: SlotDemand,
    { withinShare }: { readonly withinShare: boolean },
  ): Promise<LeaseAnswer | undefined> {
    try {
      const answer = await table.ask(wanted);
      const { state } = tracker;
      const usable = state.kind === "shared" || withinShare;
      if (!usable || !knowsTable(state, answer.reply.tableId)) {
        for (const id of answer.ids) own.giveUp(id);
        tracker.tableLost(ANOTHER_TABLE);
        return undefined;
      }
      for (const id of answer.ids) own.send(id);
      if (state.kind === "shared") tracker.tableAnswered(answer.reply);
      return answer;
    } catch (error) {
      tracker.tableLost(reasonOf(error));
      return undefined;
    }
  }

  /** Slots of this worker's share. While it rejoins, the table has to grant them too. */
  async function takeShare(wanted: SlotDemand): Promise<SlotGrant> {
    const { state } = tracker;
    if (state.kind === "shared") return { slots: [], againInMs: 1 };
    const againInMs = Math.min(beatMs, Math.max(1, own.freeInMs(now())));
    const count = allotShare(state, wanted, usage(), bounds);
    if (count === 0) return { slots: [], againInMs };
    if (state.kind === "degraded") return { slots: takeOwn(count), againInMs };
    const answer = await lease({ live: count, other: 0 }, { withinShare: true });
    return { slots: slotsOf(answer?.ids ?? []), againInMs };
  }

  function takeOwn(count: number): readonly Slot[] {
    const ids = table.newIds(count);
    for (const id of ids) own.send(id);
    return slotsOf(ids);
  }

  function usage(): OwnUsage {
    const at = now();
    const { state } = tracker;
    const ownLeft = state.kind === "shared" ? 0 : own.stillHeld(state.heldIds, at);
    return { at, held: own.held(at), inFlight: own.inFlight, ownLeft };
  }

  return {
    async take(wanted) {
      const { state, pausedForMs } = tracker;
      if (pausedForMs > 0) return { slots: [], againInMs: pausedForMs };
      if (state.kind !== "shared") return await takeShare(wanted);
      const answer = await lease(wanted, { withinShare: false });
      if (answer === undefined) return await takeShare(wanted);
      return { slots: slotsOf(answer.ids), againInMs: answer.reply.waitMs };
    },
    takeNow: () => undefined,
    answered({ id }, info) {
      const at = now();
      own.answered(id, at);
      if (info !== undefined) {
        tracker.rateLimitReported(info, at);
        table.reportNext(info, at, tracker.pausedUntil);
      }
      heartbeat.soon();
    },
    unused({ id }) {
      own.giveUp(id);
      heartbeat.soon();
    },
    free(withinMs) {
      const current = usage();
      const freed = own.freedBy(after(current.at, withinMs));
      return freeSlots(tracker.state, current, freed, bounds);
    },
    limitReached() {
      // Held by this worker and never sent, so the whole fleet does without them for a window.
      for (const { id } of takeOwn(Math.ceil(tracker.state.limit / 2))) own.answered(id, now());
      heartbeat.soon();
    },
    state() {
      const { state, pausedForMs } = tracker;
      return publicState(state, { held: own.held(now()), pausedForMs });
    },
    close() {
      tracker.close();
      heartbeat.stop();
      stopListening();
    },
  };
}

function slotsOf(ids: readonly string[]): readonly Slot[] {
  return ids.map((id) => ({ id }));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
