import { LRUCache } from "lru-cache";
import { elapsed, type MonotonicMs } from "../domain/time.ts";

const MOST_KEPT = 10_000;
/** Addresses seldom change, and a read costs as much budget as a conversation. */
const FRESH_FOR_MS = 10 * 60_000;

/** What was read from Genesys Cloud in the last ten minutes, at most 10,000 values. */
export interface RecentReads<Value extends object> {
  /** Undefined if the value was not read, or too long ago. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

export function createRecentReads<Value extends object>(
  monotonicNow: () => MonotonicMs,
): RecentReads<Value> {
  const kept = new LRUCache<string, { readonly value: Value; readonly readAt: MonotonicMs }>({
    max: MOST_KEPT,
  });
  return {
    get(key) {
      const known = kept.get(key);
      if (known === undefined) return undefined;
      return elapsed(known.readAt, monotonicNow()) < FRESH_FOR_MS ? known.value : undefined;
    },
    set(key, value) {
      kept.set(key, { value, readAt: monotonicNow() });
    },
  };
}
