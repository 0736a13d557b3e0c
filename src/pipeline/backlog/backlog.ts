import { isExpired } from "../../domain/conversation/age-limits.ts";
import type { EpochMs, MonotonicMs } from "../../domain/time.ts";
import { type QueuedItem, type Rank, rankOf, ranks } from "./queued-item.ts";

/** Under which conditions the next item is taken. */
export interface Turn {
  readonly now: MonotonicMs;
  /** More items wait than can be served in time. */
  readonly overloaded: boolean;
  /** Whether one more attempt may start. */
  readonly attempt: boolean;
  /** Whether there is spare budget for one more `unavailable`. */
  readonly unavailable: boolean;
}

/** The items that wait for an attempt. */
export interface Backlog<T extends QueuedItem> {
  add(item: T): void;
  /**
   * Takes out the next item: in order of arrival while there is budget for all. Under overload the
   * youngest comes first: it is the most likely to be unanswered when its history is written.
   */
  next(turn: Turn): T | undefined;
  /** Ranks the item of this message anew: something that its rank depends on has changed. */
  rerank(messageId: string): void;
  holds(messageId: string): boolean;
  /** Takes out the item of this message. */
  remove(messageId: string): T | undefined;
  /** Takes out the least useful item: the oldest of the last rank. */
  leastUseful(): T | undefined;
  /** Takes out the items that are too old for their medium. */
  expired(now: EpochMs): readonly T[];
  /** Takes out the items that owe `unavailable` and whose next attempt is due. */
  overdue(now: MonotonicMs): readonly T[];
  /** Takes out everything. */
  drain(): readonly T[];
  /** How many items have this rank. */
  count(rank: Rank): number;
  /** The earliest start of a conversation in the backlog. */
  readonly oldest: EpochMs | undefined;
  readonly size: number;
}

/** [pure] A backlog in memory. */
export function createBacklog<T extends QueuedItem>(): Backlog<T> {
  const lines = new Map<Rank, Map<string, T>>(ranks.map((rank) => [rank, new Map()]));
  const rankById = new Map<string, Rank>();

  function line(rank: Rank): Map<string, T> {
    const found = lines.get(rank);
    if (found === undefined) throw new TypeError(`no line of rank ${rank}`);
    return found;
  }

  function all(): readonly T[] {
    return ranks.flatMap((rank) => [...line(rank).values()]);
  }

  function add(item: T): void {
    const rank = rankOf(item);
    rankById.set(item.messageId, rank);
    line(rank).set(item.messageId, item);
  }

  function remove(messageId: string): T | undefined {
    const rank = rankById.get(messageId);
    if (rank === undefined) return undefined;
    const found = line(rank).get(messageId);
    line(rank).delete(messageId);
    rankById.delete(messageId);
    return found;
  }

  function takeOut(found: readonly T[]): readonly T[] {
    for (const { messageId } of found) remove(messageId);
    return found;
  }

  return {
    add,
    next(turn) {
      for (const rank of ranks) {
        if (!(rank === "unavailable" ? turn.unavailable : turn.attempt)) continue;
        const found = pick(line(rank).values(), turn);
        if (found !== undefined) return remove(found.messageId);
      }
      return undefined;
    },
    holds: (messageId) => rankById.has(messageId),
    rerank(messageId) {
      const item = remove(messageId);
      if (item !== undefined) add(item);
    },
    remove,
    leastUseful() {
      for (const rank of ranks.toReversed()) {
        const found = earliest(line(rank).values());
        if (found !== undefined) return remove(found.messageId);
      }
      return undefined;
    },
    expired: (now) =>
      takeOut(all().filter(({ startedAt, mediaType }) => isExpired(startedAt, mediaType, now))),
    overdue: (now) =>
      takeOut(
        [...line("unavailable").values()].filter(
          ({ state }) => state.kind !== "new" && state.notBefore <= now,
        ),
      ),
    drain: () => takeOut(all()),
    count: (rank) => line(rank).size,
    get oldest() {
      return earliest(all())?.startedAt;
    },
    get size() {
      return rankById.size;
    },
  };
}

/** `unavailable` ignores `notBefore`: it tells of the attempt that failed. */
function pick<T extends QueuedItem>(line: Iterable<T>, { now, overloaded }: Turn): T | undefined {
  let found: T | undefined;
  for (const item of line) {
    if (item.state.kind === "retry" && item.state.notBefore > now) continue;
    if (!overloaded) return item;
    if (found === undefined || item.startedAt > found.startedAt) found = item;
  }
  return found;
}

function earliest<T extends QueuedItem>(line: Iterable<T>): T | undefined {
  let found: T | undefined;
  for (const item of line) {
    if (found === undefined || item.startedAt < found.startedAt) found = item;
  }
  return found;
}
