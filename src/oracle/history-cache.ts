import { LRUCache } from "lru-cache";
import type { Call } from "../domain/call.ts";
import type { HistorySource } from "../domain/history/history.ts";
import type {
  CachedHistory,
  DatedHistory,
  HistoryStore,
  StoredHistory,
} from "../domain/history/history-store.ts";
import { type Identity, identityKey } from "../domain/identity/identity.ts";
import { type Clocks, elapsed, epochMs, type MonotonicMs } from "../domain/time.ts";
import { abortedFailure } from "../resilience/http/client.ts";

export interface CacheOptions {
  /** How long a history may be shown, in ms. */
  readonly freshForMs: number;
  /** The most histories in memory. The least recently used are evicted first. */
  readonly entries: number;
  /** Histories that other processes have fetched. The memory of this process is read first. */
  readonly shared?: HistoryStore | undefined;
}

interface Kept {
  readonly stored: StoredHistory;
  readonly fetchedAt: MonotonicMs;
}

/**
 * Repeat callers cost no request within `freshForMs`, and concurrent lookups of one identity share one
 * request. It is aborted when its last caller has left.
 *
 * The monotonic clock measures the age of what this process has fetched. What others have fetched expires
 * in the store, and never lives longer here: it is not kept in memory.
 */
export function cacheHistory(
  source: HistorySource,
  options: CacheOptions,
  { epochNow, monotonicNow }: Clocks,
): CachedHistory {
  const { freshForMs } = options;
  const shared = freshForMs > 0 ? options.shared : undefined;
  const kept = new LRUCache<string, Kept>({ max: options.entries });
  const inProgress = new Map<string, SharedLookup>();

  function inMemory(key: string): StoredHistory | undefined {
    const known = kept.get(key);
    if (known === undefined) return undefined;
    return elapsed(known.fetchedAt, monotonicNow()) < freshForMs ? known.stored : undefined;
  }

  /** Another process may keep its histories longer than this one may show them. */
  async function inStore(key: string): Promise<StoredHistory | undefined> {
    const known = await shared?.get(key);
    if (known === undefined) return undefined;
    return elapsed(epochMs(known.asOf), epochNow()) < freshForMs ? known : undefined;
  }

  async function lookUp(key: string, identity: Identity, call: Call): Promise<DatedHistory> {
    const known = await inStore(key);
    if (known !== undefined) return { ...known, cached: true };
    const history = await source.find(identity, call);
    const stored = { history, asOf: epochNow() };
    kept.set(key, { stored, fetchedAt: monotonicNow() });
    await shared?.set(key, stored);
    return { ...stored, cached: false };
  }

  function start(key: string, identity: Identity, call: Call): SharedLookup {
    const controller = new AbortController();
    const remove = () => {
      if (inProgress.get(key) === lookup) inProgress.delete(key);
    };
    const result = lookUp(key, identity, { ...call, signal: controller.signal }).finally(remove);
    // After the last caller has left, nothing else handles a rejection.
    result.catch(() => undefined);
    const lookup: SharedLookup = { callers: 0, controller, result };
    controller.signal.addEventListener("abort", remove, { once: true });
    inProgress.set(key, lookup);
    return lookup;
  }

  return {
    async find(identity, call) {
      const key = identityKey(identity);
      const known = inMemory(key);
      if (known !== undefined) return { ...known, cached: true };
      const joined = inProgress.get(key);
      const lookup = joined ?? start(key, identity, call);
      const dated = await join(lookup, call.signal);
      return { ...dated, cached: dated.cached || joined !== undefined };
    },
  };
}

interface SharedLookup {
  callers: number;
  readonly controller: AbortController;
  readonly result: Promise<DatedHistory>;
}

/** Waits for the result. If the last caller leaves by its signal, the lookup is aborted. */
async function join(lookup: SharedLookup, signal: AbortSignal) {
  lookup.callers += 1;
  const left = Promise.withResolvers<never>();
  const leave = () => {
    lookup.callers -= 1;
    if (lookup.callers === 0) lookup.controller.abort();
    left.reject(abortedFailure("oracle", "a lookup"));
  };
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([lookup.result, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
