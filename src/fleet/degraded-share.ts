import { elapsed, type MonotonicMs } from "../domain/time.ts";
import { allot, type SlotDemand } from "../resilience/budget/leases.ts";
import type { Degraded, FleetBudgetState, Rejoining } from "./budget-state.ts";

/** What a worker knew of the fleet when it last used the lease table. */
export interface LastSharedState {
  readonly limit: number;
  /** Slots that no worker held. */
  readonly left: number;
  /** This one included. */
  readonly workers: number;
  /** Slots that this worker held. */
  readonly own: number;
}

/**
 * [pure] How many slots a worker may hold while it does not know what the others hold.
 * - In the first window: its share of what was left, and its own slots once more as they come back.
 * - Later: its share of the limit.
 *
 * If all workers knew the same, the sum over them never exceeds the limit.
 * @param ownLeft how many of its `own` slots have not come back yet
 */
export function degradedShare(
  known: LastSharedState,
  ownLeft: number,
  firstWindow: boolean,
): number {
  const share = Math.floor(known.limit / known.workers);
  if (!firstWindow) return share;
  const left = Math.floor(Math.max(0, known.left) / known.workers);
  return ownLeft + Math.min(share, left + known.own - ownLeft);
}

/** The leases of this worker at one moment. */
export interface OwnUsage {
  readonly at: MonotonicMs;
  readonly held: number;
  readonly inFlight: number;
  /** How many of those that it held when it lost the lease table are held still. */
  readonly ownLeft: number;
}

/** What bounds a share besides the state. */
export interface ShareBounds {
  readonly reserve: number;
  /** How long the slots that others held at the start may still be held. */
  readonly firstWindowMs: number;
}

/**
 * [pure] How many of the wanted slots the share allows. Until one request was answered, it allows
 * one in flight (the probe). A tenth of the share, `reserve` at most, is for live callers only.
 */
export function allotShare(
  state: Degraded | Rejoining,
  wanted: SlotDemand,
  usage: OwnUsage,
  bounds: ShareBounds,
): number {
  const share = shareOf(state, usage, bounds);
  const kept = Math.min(bounds.reserve, Math.floor(share / 10));
  const count = allot(wanted, share - usage.held, kept);
  if (state.probed) return count;
  return usage.inFlight > 0 ? 0 : Math.min(1, count);
}

/** [pure] How many requests this worker could send until `freed` of its leases have come back. */
export function freeSlots(
  state: FleetBudgetState,
  usage: OwnUsage,
  freed: number,
  bounds: ShareBounds,
): number {
  if (state.kind !== "shared") {
    return Math.max(0, shareOf(state, usage, bounds) - usage.held + freed);
  }
  // What is left is for all workers; the leases that come back are this worker's own.
  const { left, workers } = state.table ?? { left: state.limit, workers: 1 };
  return Math.max(0, Math.floor(left / workers) + freed);
}

function shareOf(
  { limit, left, workers, heldIds, since }: Degraded | Rejoining,
  { at, ownLeft }: OwnUsage,
  { firstWindowMs }: ShareBounds,
): number {
  const known = { limit, left, workers, own: heldIds.length };
  return degradedShare(known, ownLeft, elapsed(since, at) < firstWindowMs);
}
