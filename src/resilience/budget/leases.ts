import { after, type MonotonicMs } from "../../domain/time.ts";

/** The slots that are wanted: for calls of the highest priority, and for all others. */
export interface SlotDemand {
  readonly live: number;
  readonly other: number;
}

/** [pure] How many of the free slots are granted. Only `live` may take the last `reserve` of them. */
export function allot(wanted: SlotDemand, free: number, reserve: number): number {
  const live = Math.max(0, Math.min(wanted.live, free));
  return live + Math.max(0, Math.min(wanted.other, free - live - reserve));
}

/**
 * [pure] The slots of one window. The server counts a request at some moment between its sending and its
 * response. So a slot is held from before the sending until one window after the response. Then no
 * window of the server, be it fixed, sliding or aligned, can hold more requests than the limit.
 */
export interface Leases {
  /** Held: in flight, answered less than a window ago, or spent by others. */
  used(now: MonotonicMs): number;
  /** As `used`, without those in flight. */
  cooling(now: MonotonicMs): number;
  /** `count` requests are about to be sent. */
  send(count: number): void;
  /** One of them was not sent. */
  unsent(): void;
  /** One of them was answered or failed. The server may have counted it until now. */
  answered(now: MonotonicMs): void;
  /** Others have spent `count` before now. */
  foreign(count: number, now: MonotonicMs): void;
  /** An upper bound of the held requests that the server may have counted since `start`. */
  since(start: MonotonicMs): number;
  /** How many of the held slots come back until `until`. */
  freedBy(until: MonotonicMs): number;
  /** When the next slot comes back; undefined if none is cooling. */
  nextFreeAt(now: MonotonicMs): MonotonicMs | undefined;
}

export function createLeases(windowMs: number): Leases {
  /** When each was answered, oldest first. */
  let answeredAt: MonotonicMs[] = [];
  let inFlight = 0;

  function sweep(now: MonotonicMs): void {
    const firstHeld = answeredAt.findIndex((at) => at + windowMs > now);
    if (firstHeld === 0) return;
    answeredAt = firstHeld === -1 ? [] : answeredAt.slice(firstHeld);
  }

  return {
    used(now) {
      sweep(now);
      return inFlight + answeredAt.length;
    },
    cooling(now) {
      sweep(now);
      return answeredAt.length;
    },
    send(count) {
      inFlight += count;
    },
    unsent() {
      inFlight -= 1;
    },
    answered(now) {
      inFlight -= 1;
      answeredAt.push(now);
    },
    foreign(count, now) {
      for (let i = 0; i < count; i += 1) answeredAt.push(now);
    },
    since(start) {
      const first = answeredAt.findIndex((at) => at >= start);
      return inFlight + (first === -1 ? 0 : answeredAt.length - first);
    },
    freedBy(until) {
      const first = answeredAt.findIndex((at) => at + windowMs > until);
      return first === -1 ? answeredAt.length : first;
    },
    nextFreeAt(now) {
      sweep(now);
      const [oldest] = answeredAt;
      return oldest === undefined ? undefined : after(oldest, windowMs);
    },
  };
}
