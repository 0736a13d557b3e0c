import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import type { HistorySource } from "../../../src/domain/history/history.ts";
import type { HistoryStore, StoredHistory } from "../../../src/domain/history/history-store.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { cacheHistory } from "../../../src/oracle/history-cache.ts";
import { createTestClocks } from "../../support/clocks.ts";
import { CUSTOMER, FOUND, heldSource, liveCall } from "../../support/histories.ts";

const MINUTE = { freshForMs: 60_000, entries: 10 };
const HOUR_MS = 3_600_000;

/** A source that finds the same customer at once, and the number of its requests. */
function countedSource() {
  const counted = { requests: 0 };
  const source: HistorySource = {
    find() {
      counted.requests += 1;
      return Promise.resolve(FOUND);
    },
  };
  return { counted, source };
}

/** Lets every lookup go as far as it can without an answer. */
const requested = () => new Promise(setImmediate);

/** A store that holds one history and never expires it. */
function storeWith(history: StoredHistory | undefined): HistoryStore {
  let held = history;
  return {
    get: () => Promise.resolve(held),
    set(_key, stored) {
      held = stored;
      return Promise.resolve();
    },
  };
}

describe("concurrent lookups of one identity", () => {
  it("share one request", async () => {
    const { requests, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, createTestClocks());
    const both = Promise.all([cache.find(CUSTOMER, liveCall()), cache.find(CUSTOMER, liveCall())]);
    await requested();
    requests[0]?.answer(FOUND);
    expect((await both).map(({ cached }) => cached)).toEqual([false, true]);
    expect(requests).toHaveLength(1);
  });

  it("are aborted with the last caller, not before", async () => {
    const { requests, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, createTestClocks());
    const first = new AbortController();
    const second = new AbortController();
    const both = [first, second].map(({ signal }) => cache.find(CUSTOMER, liveCall(signal)));
    await requested();
    first.abort();
    expect(requests[0]?.call.signal.aborted).toBe(false);
    second.abort();
    expect(requests[0]?.call.signal.aborted).toBe(true);
    for (const left of both) await expect(left).rejects.toBeInstanceOf(Failure);
  });

  it("keep no failure", async () => {
    const { requests, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, createTestClocks());
    const failed = cache.find(CUSTOMER, liveCall());
    await requested();
    requests[0]?.fail(new TypeError("no"));
    await expect(failed).rejects.toThrow("no");
    const again = cache.find(CUSTOMER, liveCall());
    await requested();
    expect(requests).toHaveLength(2);
    requests[1]?.answer(FOUND);
    expect(await again).toMatchObject({ cached: false, history: FOUND });
  });
});

describe("a history in memory", () => {
  it("is cached until it is as old as it may be", async () => {
    const { counted, source } = countedSource();
    const clocks = createTestClocks(1_000);
    const cache = cacheHistory(source, MINUTE, clocks);
    await cache.find(CUSTOMER, liveCall());
    clocks.pass(59_999);
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: true, asOf: 1_000 });
    clocks.pass(1);
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: false, asOf: 61_000 });
    expect(counted.requests).toBe(2);
  });

  it("does not live longer if the wall clock is set back one hour", async () => {
    const { counted, source } = countedSource();
    const clocks = createTestClocks(2 * HOUR_MS);
    const cache = cacheHistory(source, MINUTE, clocks);
    await cache.find(CUSTOMER, liveCall());
    clocks.correct(-HOUR_MS);
    clocks.pass(60_000);
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: false });
    expect(counted.requests).toBe(2);
  });

  it.each([-HOUR_MS, HOUR_MS])("does not expire if the wall clock jumps by %i ms", async (ms) => {
    const { counted, source } = countedSource();
    const clocks = createTestClocks(2 * HOUR_MS);
    const cache = cacheHistory(source, MINUTE, clocks);
    await cache.find(CUSTOMER, liveCall());
    clocks.correct(ms);
    clocks.pass(59_999);
    const asOf = 2 * HOUR_MS;
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: true, asOf });
    expect(counted.requests).toBe(1);
  });
});

describe("a history in the shared store", () => {
  it("is cached, and not fetched", async () => {
    const { counted, source } = countedSource();
    const shared = storeWith({ history: FOUND, asOf: epochMs(1_000) });
    const cache = cacheHistory(source, { ...MINUTE, shared }, createTestClocks(31_000));
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: true, asOf: 1_000 });
    expect(counted.requests).toBe(0);
  });

  it("is fetched again if another process may keep it longer than this one", async () => {
    const { counted, source } = countedSource();
    const shared = storeWith({ history: FOUND, asOf: epochMs(1_000) });
    const cache = cacheHistory(source, { ...MINUTE, shared }, createTestClocks(61_000));
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: false, asOf: 61_000 });
    expect(counted.requests).toBe(1);
  });

  it("does not outlive its place in the store if the wall clock is set back one hour", async () => {
    const { counted, source } = countedSource();
    const clocks = createTestClocks(2 * HOUR_MS);
    let held: StoredHistory | undefined = { history: FOUND, asOf: clocks.epochNow() };
    const shared: HistoryStore = {
      get: () => Promise.resolve(held),
      set: () => Promise.resolve(),
    };
    const cache = cacheHistory(source, { ...MINUTE, shared }, clocks);
    clocks.correct(-HOUR_MS);
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: true });
    held = undefined;
    expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: false });
    expect(counted.requests).toBe(1);
  });

  it("is neither read nor written if the cache is switched off", async () => {
    const { counted, source } = countedSource();
    const shared: HistoryStore = {
      get: () => Promise.reject(new Error("it was read")),
      set: () => Promise.reject(new Error("it was written")),
    };
    const cache = cacheHistory(source, { ...MINUTE, freshForMs: 0, shared }, createTestClocks());
    for (const _ of [1, 2]) {
      expect(await cache.find(CUSTOMER, liveCall())).toMatchObject({ cached: false });
    }
    expect(counted.requests).toBe(2);
  });
});
