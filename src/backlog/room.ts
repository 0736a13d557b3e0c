/** How much one API can be asked, seen from one worker. */
export interface Supply {
  /** Requests a minute, `Infinity` where they are not limited. */
  readonly perMinute: number;
  /** Requests that could be made until a lookup that begins now has ended. */
  readonly free: number;
  /** Requests that could be made at this moment. */
  readonly freeNow: number;
}

/** What the next enrichment would have to share. */
export interface Room {
  readonly genesys: Supply;
  readonly oracle: Supply;
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
}

/** One more than Oracle serves at once, so that none of its places stands empty in between. */
const AHEAD = 1;
/** `unavailable` leaves this share of the budget to histories: the next ones are a moment away. */
const KEPT_FOR_HISTORIES = 0.25;
/** Agents answer in about this time: while the whole line is served within it, order of arrival is fair. */
const LINE_MS = 10_000;

/**
 * [pure] Whether one more enrichment may begin. Begun too early it would wait for budget with its
 * history in hand, while a younger conversation rings: who waits is best chosen at the last moment.
 * The narrowest of Oracle's places, Oracle's budget and Genesys' budget rules.
 */
export function mayBegin(room: Room): boolean {
  return (
    room.lookingUp < room.oracleConcurrency + AHEAD &&
    (room.lookingUp + 1) * room.oracleRequests <= Math.max(room.oracle.free, room.oracleRequests) &&
    room.oracle.free > 0 &&
    room.unwritten < room.genesys.free
  );
}

/** [pure] Whether there is spare budget for one `unavailable`, at once. */
export function maySayUnavailable({ genesys, unwritten }: Room): boolean {
  const kept = Number.isFinite(genesys.perMinute) ? genesys.perMinute * KEPT_FOR_HISTORIES : 0;
  return genesys.freeNow - unwritten > kept;
}

/** [pure] How long the last of so many would wait if all were served in order of arrival, in ms. */
export function lineMs(waiting: number, room: Room): number {
  const { genesys, oracle, oracleConcurrency, oracleRequests, lookupMs } = room;
  const byGenesys = Math.max(0, waiting - genesys.free) / genesys.perMinute;
  const byOracle = Math.max(0, waiting * oracleRequests - oracle.free) / oracle.perMinute;
  const byPlaces = (waiting * lookupMs) / oracleConcurrency;
  return Math.max(byGenesys * 60_000, byOracle * 60_000, byPlaces);
}

/** [pure] Whether more wait than can be served before their agents answer. */
export function isOverloaded(waiting: number, room: Room): boolean {
  return lineMs(waiting, room) > LINE_MS;
}
