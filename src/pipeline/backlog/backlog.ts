import { isExpired } from "../../domain/conversation/age-limits.ts";
import { type QueuedItem, type Rank, rankOf, ranks } from "./waiting.ts";

/** Under which conditions the next one is asked for. */
export interface Turn {
  readonly now: number;
  /** More wait than can be served in time. */
  readonly overloaded: boolean;
  /** Whether there is room for one more history. */
  readonly history: boolean;
  /** Whether there is spare budget for one more `unavailable`. */
  readonly unavailable: boolean;
}

/** The parsed work that nobody has in hand yet. */
export interface Backlog<T extends QueuedItem> {
  add(waiting: T): void;
  /**
   * Takes out who is next. In order of arrival while there is budget for all. Under overload the
   * youngest: it is the most likely to be still unanswered when its history is written.
   */
  next(turn: Turn): T | undefined;
  /** What is known of this one has changed: it may belong elsewhere in the line. */
  moved(messageId: string): void;
  holds(messageId: string): boolean;
  /** Takes one out by its message. */
  remove(messageId: string): T | undefined;
  /** Takes out who could be helped least: the oldest of the last rank. */
  leastUseful(): T | undefined;
  /** Takes out those who are too old for their kind. */
  expired(now: number): readonly T[];
  /** Those who owe `unavailable` and have not had their turn by the time of their next try. */
  overdue(now: number): readonly T[];
  /** Takes out everything. */
  drain(): readonly T[];
  /** How many wait in a rank. */
  count(rank: Rank): number;
  /** When the one that started first did, of those who wait for a history. */
  readonly oldest: number | undefined;
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

  function add(waiting: T): void {
    const rank = rankOf(waiting);
    rankById.set(waiting.messageId, rank);
    line(rank).set(waiting.messageId, waiting);
  }

  function remove(messageId: string): T | undefined {
    const rank = rankById.get(messageId);
    if (rank === undefined) return undefined;
    const found = line(rank).get(messageId);
    line(rank).delete(messageId);
    rankById.delete(messageId);
    return found;
  }

  function taken(found: readonly T[]): readonly T[] {
    for (const { messageId } of found) remove(messageId);
    return found;
  }

  return {
    add,
    next(turn) {
      for (const rank of ranks) {
        if (!(rank === "unavailable" ? turn.unavailable : turn.history)) continue;
        const found = pick(line(rank).values(), turn, rank);
        if (found !== undefined) return remove(found.messageId);
      }
      return undefined;
    },
    holds: (messageId) => rankById.has(messageId),
    moved(messageId) {
      const waiting = remove(messageId);
      if (waiting !== undefined) add(waiting);
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
      taken(all().filter(({ startedAt, mediaType }) => isExpired(startedAt, mediaType, now))),
    overdue: (now) =>
      taken([...line("unavailable").values()].filter(({ notBefore }) => notBefore <= now)),
    drain: () => taken(all()),
    count: (rank) => line(rank).size,
    get oldest() {
      return earliest(all())?.startedAt;
    },
    get size() {
      return rankById.size;
    },
  };
}

/** Who owes `unavailable` need not wait for its next try: it is the failed one that is told of. */
function pick<T extends QueuedItem>(
  line: Iterable<T>,
  { now, overloaded }: Turn,
  rank: Rank,
): T | undefined {
  let found: T | undefined;
  for (const waiting of line) {
    if (rank !== "unavailable" && waiting.notBefore > now) continue;
    if (!overloaded) return waiting;
    if (found === undefined || waiting.startedAt > found.startedAt) found = waiting;
  }
  return found;
}

function earliest<T extends QueuedItem>(line: Iterable<T>): T | undefined {
  let found: T | undefined;
  for (const waiting of line) {
    if (found === undefined || waiting.startedAt < found.startedAt) found = waiting;
  }
  return found;
}
