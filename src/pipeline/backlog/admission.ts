import type { Capacity } from "../../domain/api-state.ts";

/** What the next enrichment would have to share. */
export interface AdmissionState {
  readonly genesys: Capacity;
  readonly oracle: Capacity;
  /** Requests at Oracle at once, at most. */
  readonly oracleConcurrency: number;
  /** Requests that one lookup costs. */
  readonly oracleRequests: number;
  /** How long a lookup takes, in ms. */
  readonly lookupMs: number;
  /** Enrichments begun whose customer is still being looked up. */
  readonly lookingUp: number;
  /** Enrichments begun whose attributes are not written yet, those that look up included. */
  readonly unwritten: number;
  /** Enrichments begun in the last {@link RECENT_MS}. */
  readonly startedRecently: number;
}

/** `unavailable` leaves this share of the budget to histories: the next ones are a moment away. */
const KEPT_FOR_HISTORIES = 0.25;
/** Half of all agents answer within seconds: only a line that is served sooner is served by arrival. */
const LINE_MS = 1_000;
/** For how long begun enrichments are counted, in ms. */
export const RECENT_MS = 5_000;
/** A little more than the budget's own pace, so that none of it is left over. */
const SPREAD = 1.1;

/**
 * [pure] Whether one more enrichment may begin, where so many wait. Begun too early it would wait for
 * budget with its history in hand, while a younger conversation rings: who waits is best chosen at
 * the last moment. The narrowest of Oracle's places, Oracle's budget and Genesys' budget rules. An
 * Oracle that rests is asked all the same: who cannot wait for it is told `unavailable`.
 *
 * Budget that was spent at once comes back at once, a window later, and in between those who ring
 * wait for it: where the budget does not do for all who wait, it is spread over the window.
 */
export function canStart(waiting: number, room: AdmissionState): boolean {
  return (
    room.lookingUp < room.oracleConcurrency &&
    (room.lookingUp + 1) * room.oracleRequests <= Math.max(room.oracle.free, room.oracleRequests) &&
    room.oracle.free > 0 &&
    room.genesys.pausedForMs <= room.lookupMs &&
    room.unwritten < room.genesys.free &&
    (budgetLineMs(waiting, room) === 0 || room.startedRecently < pace(room))
  );
}

/** How many begin in {@link RECENT_MS} where the budget is spread. */
function pace({ genesys, oracle, oracleRequests }: AdmissionState): number {
  const perMinute = Math.min(genesys.perMinute, oracle.perMinute / oracleRequests);
  return Math.max(1, (perMinute * RECENT_MS * SPREAD) / 60_000);
}

/** [pure] Whether there is spare budget for one `unavailable`, at once. */
export function canWriteUnavailable({ genesys, unwritten }: AdmissionState): boolean {
  const kept = Number.isFinite(genesys.perMinute) ? genesys.perMinute * KEPT_FOR_HISTORIES : 0;
  return genesys.pausedForMs === 0 && genesys.freeNow - unwritten > kept;
}

/** [pure] Whether more wait than can be served before their agents answer. */
export function isOverloaded(waiting: number, room: AdmissionState): boolean {
  const forPlaces = (waiting * room.lookupMs) / room.oracleConcurrency;
  return Math.max(budgetLineMs(waiting, room), forPlaces) > LINE_MS;
}

/** How long the last of so many would wait for budget, if all were served by arrival, in ms. */
function budgetLineMs(
  waiting: number,
  { genesys, oracle, oracleRequests }: AdmissionState,
): number {
  const byGenesys = Math.max(0, waiting - genesys.free) / genesys.perMinute;
  const byOracle = Math.max(0, waiting * oracleRequests - oracle.free) / oracle.perMinute;
  return Math.max(byGenesys, byOracle) * 60_000;
}
