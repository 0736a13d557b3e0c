/**
 * [pure] The leases of one worker by their ids: what it holds, and what the fleet does not know yet.
 * Times are ms that never go back.
 */
export interface OwnLeases {
  /** Granted; the request is about to be sent. */
  send(id: string): void;
  answered(id: string, now: number): void;
  /** Not used, or not known to be held: the fleet may have it back. */
  giveUp(id: string): void;
  /** Under way, or answered less than a window ago. */
  held(now: number): number;
  readonly underWay: number;
  /** How many of those that are held come back until `until`. */
  freedBy(until: number): number;
  /** When the next one comes back; `Infinity` where none is cooling. */
  nextFreeAt(now: number): number;
  /** How many of those that are held at `now` are held still, whenever it is asked. */
  mark(now: number): () => number;
  /** Whether there is something that the fleet does not know. */
  readonly changed: boolean;
  /** What the fleet does not know: for how long each is held still, in ms; 0 for "not any more". */
  changes(now: number): ReadonlyMap<string, number>;
  /** The same, and all that is held. */
  all(now: number): ReadonlyMap<string, number>;
  /** The fleet knows these now. */
  told(leases: ReadonlyMap<string, number>): void;
}

/** `ttlMs`: for how long a lease is held whose answer never comes. */
export function createOwnLeases(windowMs: number, ttlMs: number): OwnLeases {
  /** When each comes back; `Infinity` while under way. In order of their answers, those first. */
  const backAt = new Map<string, number>();
  const changed = new Set<string>();
  let underWay = 0;

  function sweep(now: number): void {
    for (const [id, at] of backAt) if (at <= now) backAt.delete(id);
  }

  function leftOf(id: string, now: number): number {
    const at = backAt.get(id) ?? 0;
    return at === Number.POSITIVE_INFINITY ? ttlMs : Math.max(0, at - now);
  }

  return {
    send(id) {
      backAt.set(id, Number.POSITIVE_INFINITY);
      underWay += 1;
    },
    answered(id, now) {
      backAt.set(id, now + windowMs);
      changed.add(id);
      underWay -= 1;
    },
    giveUp(id) {
      if (backAt.delete(id)) underWay -= 1;
      changed.add(id);
    },
    held(now) {
      sweep(now);
      return backAt.size;
    },
    get underWay() {
      return underWay;
    },
    freedBy(until) {
      let count = 0;
      for (const at of backAt.values()) if (at <= until) count += 1;
      return count;
    },
    nextFreeAt(now) {
      sweep(now);
      return Math.min(...backAt.values());
    },
    mark(now) {
      sweep(now);
      const marked = [...backAt.keys()];
      return () => marked.filter((id) => backAt.has(id)).length;
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
    told(leases) {
      for (const [id, leftMs] of leases) {
        // Answered meanwhile: that is still to be told.
        const answeredSince = leftMs > windowMs && backAt.get(id) !== Number.POSITIVE_INFINITY;
        if (!answeredSince) changed.delete(id);
      }
    },
  };
}
