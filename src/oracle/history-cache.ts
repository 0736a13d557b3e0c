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
import { epochMs } from "../domain/time.ts";
import { abortedFailure } from "../resilience/http/client.ts";

export interface CacheOptions {
  /** How long a history is fresh enough to show, in ms. */
  readonly freshForMs: number;
  /** How many histories are kept at most; the least recently used leave first. */
  readonly entries: number;
  /** What all workers share, where they share anything; the memory of this one comes first. */
  readonly shared?: HistoryStore | undefined;
}

/**
 * Repeat callers cost no request within `freshForMs`, and concurrent lookups of one identity share
 * one. A shared lookup goes on while anybody waits for it: it is called off with its last caller.
 */
export function cacheHistory(
  source: HistorySource,
  options: CacheOptions,
  now: () => number,
): CachedHistory {
  const kept = new LRUCache<string, StoredHistory>({
    max: options.entries,
  });
  const underWay = new Map<string, SharedLookup>();

  function isFresh({ asOf }: StoredHistory): boolean {
    return now() - asOf < options.freshForMs;
  }

  async function lookUp(key: string, identity: Identity, call: Call): Promise<DatedHistory> {
    const known = options.freshForMs > 0 ? await options.shared?.get(key) : undefined;
    if (known !== undefined && isFresh(known)) {
      kept.set(key, known);
      return { ...known, cached: true };
    }
    const found = { history: await source.find(identity, call), asOf: epochMs(now()) };
    kept.set(key, found);
    if (options.freshForMs > 0) await options.shared?.set(key, found);
    return { ...found, cached: false };
  }

  function start(key: string, identity: Identity, call: Call): SharedLookup {
    const callOff = new AbortController();
    const forget = () => {
      if (underWay.get(key) === lookup) underWay.delete(key);
    };
    const result = lookUp(key, identity, { ...call, signal: callOff.signal }).finally(forget);
    // Where the last caller has left, nobody else would hear of the failure.
    result.catch(() => undefined);
    const lookup: SharedLookup = { waiting: 0, callOff, result };
    callOff.signal.addEventListener("abort", forget, { once: true });
    underWay.set(key, lookup);
    return lookup;
  }

  return {
    async find(identity, call) {
      const key = identityKey(identity);
      const known = kept.get(key);
      if (known !== undefined && isFresh(known)) {
        return { ...known, cached: true };
      }
      const shared = underWay.get(key);
      const lookup = shared ?? start(key, identity, call);
      const dated = await join(lookup, call.signal);
      return { ...dated, cached: dated.cached || shared !== undefined };
    },
  };
}

interface SharedLookup {
  waiting: number;
  readonly callOff: AbortController;
  readonly result: Promise<DatedHistory>;
}

/** Waits with the others; the last one to leave by its signal calls the lookup off. */
async function join(lookup: SharedLookup, signal: AbortSignal) {
  lookup.waiting += 1;
  const left = Promise.withResolvers<never>();
  const leave = () => {
    lookup.waiting -= 1;
    if (lookup.waiting === 0) lookup.callOff.abort();
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
