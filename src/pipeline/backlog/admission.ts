import type { Capacity } from "../../domain/api-state.ts";

/** What the next attempt would have to share. */
export interface AdmissionState {
  readonly genesys: Capacity;
  readonly oracle: Capacity;
  /** Requests to Oracle at once, at most. */
  readonly oracleConcurrency: number;
  /** Requests that one lookup costs. */
  readonly oracleRequests: number;
  /** How long a lookup takes, in ms. */
  readonly lookupMs: number;
  /** Attempts in progress whose customer is being looked up. */
  readonly lookingUp: number;
  /** Attempts in progress whose attributes are not written yet, lookups included. */
  readonly unwritten: number;
  /** Attempts started in the last {@link RECENT_MS}. */
  readonly startedRecently: number;
}

/** `unavailable` leaves this share of the budget to histories that come a moment later. */
const KEPT_FOR_HISTORIES = 0.25;
/** Half of all agents answer within seconds: only a backlog that is served sooner goes by arrival. */
const SERVED_IN_TIME_MS = 1_000;
/** For how long started attempts are counted, in ms. */
export const RECENT_MS = 5_000;
/** A little more than the budget's own rate, so that none of it is left over. */
const SPREAD = 1.1;

/**
 * [pure] Whether one more attempt may start while `waiting` items are in the backlog. An attempt that
 * starts too early waits for budget with its history fetched, while a younger conversation rings: the
 * next item is best chosen at the last moment. The narrowest of Oracle's concurrency, Oracle's budget
 * and Genesys' budget decides. A paused Oracle is no reason to wait: those attempts fail and write
 * `unavailable`.
 *
 * Budget that is spent at once comes back at once, a window later; conversations that ring in between
 * wait for it. So a budget that is too small for the backlog is spread over the window.
 */
export function canStart(waiting: number, state: AdmissionState): boolean {
  const { genesys, oracle, oracleRequests, lookingUp } = state;
  return (
    lookingUp < state.oracleConcurrency &&
    (lookingUp + 1) * oracleRequests <= Math.max(oracle.free, oracleRequests) &&
    oracle.free > 0 &&
    genesys.pausedForMs <= state.lookupMs &&
    state.unwritten < genesys.free &&
    (budgetWaitMs(waiting, state) === 0 || state.startedRecently < startsPerInterval(state))
  );
}

/** How many attempts start in {@link RECENT_MS} if the budget is spread. */
function startsPerInterval({ genesys, oracle, oracleRequests }: AdmissionState): number {
  const perMinute = Math.min(genesys.perMinute, oracle.perMinute / oracleRequests);
  return Math.max(1, (perMinute * RECENT_MS * SPREAD) / 60_000);
}

/** [pure] Whether there is spare budget for one `unavailable` now. */
export function canWriteUnavailable({ genesys, unwritten }: AdmissionState): boolean {
  const kept = Number.isFinite(genesys.perMinute) ? genesys.perMinute * KEPT_FOR_HISTORIES : 0;
  return genesys.pausedForMs === 0 && genesys.freeNow - unwritten > kept;
}

/** [pure] Whether more items wait than can be served before their agents answer. */
export function isOverloaded(waiting: number, state: AdmissionState): boolean {
  const forConcurrency = (waiting * state.lookupMs) / state.oracleConcurrency;
  return Math.max(budgetWaitMs(waiting, state), forConcurrency) > SERVED_IN_TIME_MS;
}

/** How long the last of `waiting` items would wait for budget in order of arrival, in ms. */
function budgetWaitMs(
  waiting: number,
  { genesys, oracle, oracleRequests }: AdmissionState,
): number {
  const byGenesys = Math.max(0, waiting - genesys.free) / genesys.perMinute;
  const byOracle = Math.max(0, waiting * oracleRequests - oracle.free) / oracle.perMinute;
  return Math.max(byGenesys, byOracle) * 60_000;
}
