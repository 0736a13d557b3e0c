import { after, elapsed, type MonotonicMs, monotonicMs } from "../domain/time.ts";

/** [pure] The leases of one worker by their ids: what it holds, and what the lease table lacks. */
export interface OwnLeases {
  /** Granted; the request is about to be sent. */
  send(id: string): void;
  answered(id: string, now: MonotonicMs): void;
  /** Not used, or not known to be held: the fleet may have it back. */
  giveUp(id: string): void;
  /** How many are held: in flight, or answered less than a window ago. */
  held(now: MonotonicMs): number;
  readonly inFlight: number;
  /** How many of those that are held come back until `until`. */
  freedBy(until: MonotonicMs): number;
  /** ms until the next one comes back; `Infinity` if none is cooling. */
  freeInMs(now: MonotonicMs): number;
  heldIds(now: MonotonicMs): readonly string[];
  /** How many of these are held still. */
  stillHeld(ids: readonly string[], now: MonotonicMs): number;
  /** Whether there is a change that the lease table does not have. */
  readonly changed: boolean;
  /** Changes that the lease table does not have: ms until each comes back, 0 if it is not held. */
  changes(now: MonotonicMs): ReadonlyMap<string, number>;
  /** The same, and everything that is held. */
  all(now: MonotonicMs): ReadonlyMap<string, number>;
  /** The lease table has these now. */
  registered(leases: ReadonlyMap<string, number>): void;
}

const IN_FLIGHT = monotonicMs(Number.POSITIVE_INFINITY);

/** @param ttlMs how long a lease whose answer never comes is held */
export function createOwnLeases(windowMs: number, ttlMs: number): OwnLeases {
  /** When each comes back. */
  const backAt = new Map<string, MonotonicMs>();
  const changed = new Set<string>();
  let inFlight = 0;

  function sweep(now: MonotonicMs): void {
    for (const [id, at] of backAt) if (at <= now) backAt.delete(id);
  }

  function leftOf(id: string, now: MonotonicMs): number {
    const at = backAt.get(id);
    if (at === undefined) return 0;
    return at === IN_FLIGHT ? ttlMs : Math.max(0, elapsed(now, at));
  }

  return {
    send(id) {
      backAt.set(id, IN_FLIGHT);
      inFlight += 1;
    },
    answered(id, now) {
      backAt.set(id, after(now, windowMs));
      changed.add(id);
      inFlight -= 1;
    },
    giveUp(id) {
      if (backAt.delete(id)) inFlight -= 1;
      changed.add(id);
    },
    held(now) {
      sweep(now);
      return backAt.size;
    },
    get inFlight() {
      return inFlight;
    },
    freedBy(until) {
      let count = 0;
      for (const at of backAt.values()) if (at <= until) count += 1;
      return count;
    },
    freeInMs(now) {
      sweep(now);
      return Math.min(...backAt.values()) - now;
    },
    heldIds(now) {
      sweep(now);
      return [...backAt.keys()];
    },
    stillHeld(ids, now) {
      sweep(now);
      return ids.filter((id) => backAt.has(id)).length;
    },
    get changed() {
      return changed.size > 0;
    },
    changes(now) {
      return new Map([...changed].map((id) => [id, leftOf(id, now)]));
    },
    all(now) {
      sweep(now);
      return new Map([...changed, ...backAt.keys()].map((id) => [id, leftOf(id, now)]));
    },
    registered(leases) {
      for (const [id, leftMs] of leases) {
        // Answered while the question was in flight: that change is not registered yet.
        const answeredSince = leftMs > windowMs && backAt.get(id) !== IN_FLIGHT;
        if (!answeredSince) changed.delete(id);
      }
    },
  };
}
