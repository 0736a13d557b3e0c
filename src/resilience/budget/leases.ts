import { after, type MonotonicMs } from "../../domain/time.ts";

/** How many slots are asked for: for the highest priority, and for all others. */
export interface SlotDemand {
  readonly live: number;
  readonly other: number;
}

/** [pure] How many of the free slots are given; the last `reserve` of them to the live ones only. */
export function allot(wanted: SlotDemand, free: number, reserve: number): number {
  const live = Math.max(0, Math.min(wanted.live, free));
  return live + Math.max(0, Math.min(wanted.other, free - live - reserve));
}

/**
 * [pure] What one window holds.
 *
 * A request that the server counts at some moment is counted between its sending and its response.
 * So it is held from before its sending until one window after its response: whichever window the
 * server uses (fixed, sliding, aligned), none can hold more than the limit.
 */
export interface Leases {
  /** Held now: under way, or answered less than a window ago, or spent by somebody else. */
  used(now: MonotonicMs): number;
  /** Answered less than a window before `now`, or spent by others: without what is under way. */
  cooling(now: MonotonicMs): number;
  /** `count` requests are about to be sent. */
  send(count: number): void;
  /** One of them was never sent. */
  unsent(): void;
  /** One of them was answered, or failed: it may have been counted up to now. */
  answered(now: MonotonicMs): void;
  /** Somebody else has spent `count`, at some time before now. */
  foreign(count: number, now: MonotonicMs): void;
  /** Held that may have been counted at or after `start`, an upper bound. */
  since(start: MonotonicMs): number;
  /** How many of those that are held come back until `until`. */
  freedBy(until: MonotonicMs): number;
  /** When the next one comes back; undefined where nothing is cooling. */
  nextFreeAt(now: MonotonicMs): MonotonicMs | undefined;
}

export function createLeases(windowMs: number): Leases {
  /** When each came to an end, oldest first. */
  let ended: MonotonicMs[] = [];
  let underWay = 0;

  function sweep(now: MonotonicMs): void {
    const gone = ended.findIndex((at) => at + windowMs > now);
    if (gone === 0) return;
    ended = gone === -1 ? [] : ended.slice(gone);
  }

  return {
    used(now) {
      sweep(now);
      return underWay + ended.length;
    },
    cooling(now) {
      sweep(now);
      return ended.length;
    },
    send(count) {
      underWay += count;
    },
    unsent() {
      underWay -= 1;
    },
    answered(now) {
      underWay -= 1;
      ended.push(now);
    },
    foreign(count, now) {
      for (let i = 0; i < count; i += 1) ended.push(now);
    },
    since(start) {
      const first = ended.findIndex((at) => at >= start);
      return underWay + (first === -1 ? 0 : ended.length - first);
    },
    freedBy(until) {
      const first = ended.findIndex((at) => at + windowMs > until);
      return first === -1 ? ended.length : first;
    },
    nextFreeAt(now) {
      sweep(now);
      const [oldest] = ended;
      return oldest === undefined ? undefined : after(oldest, windowMs);
    },
  };
}
