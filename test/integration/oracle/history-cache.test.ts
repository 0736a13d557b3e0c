import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { History, HistorySource } from "../../../src/domain/history/history.ts";
import type { HistoryStore } from "../../../src/domain/history/history-store.ts";
import { safeReference, safeText } from "../../../src/domain/history/safe-text.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import type { Identity } from "../../../src/domain/identity/identity.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { sharedHistories } from "../../../src/fleet/histories.ts";
import { connectRedis, type SharedState } from "../../../src/fleet/redis.ts";
import { type CacheOptions, cacheHistory } from "../../../src/oracle/history-cache.ts";
import {
  type RedisServer,
  startRedisServer,
} from "../../../src/sandbox/environment/redis-server.ts";

const address = emailAddress("ada@example.com");
if (address === undefined) throw new TypeError("no address");
const CUSTOMER: Identity = { kind: "email", address };
const FOUND: History = {
  match: "found",
  customer: { id: safeReference("42"), name: safeText("Ada L", 80), account: undefined },
  cases: [
    {
      reference: safeReference("260101-000007"),
      subject: safeText("The subject", 80),
      status: safeText("Open", 40),
      updatedAt: undefined,
    },
  ],
  openCases: { count: 1, exact: true },
};

/** A source that answers when it is told to. */
function heldSource() {
  const asked: { call: Call; answer: (history: History) => void; fail: (error: Error) => void }[] =
    [];
  const source: HistorySource = {
    find(_identity, call) {
      const { promise, resolve, reject } = Promise.withResolvers<History>();
      asked.push({ call, answer: resolve, fail: reject });
      return promise;
    },
  };
  return { asked, source };
}

function call(signal = new AbortController().signal): Call {
  return { signal, priority: Priority.live };
}

const MINUTE: CacheOptions = { freshForMs: 60_000, entries: 10 };

describe("one worker's memory", () => {
  it("asks once for concurrent lookups of one identity, and not again while it is fresh", async () => {
    let now = 0;
    const { asked, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, () => now);
    const both = Promise.all([cache.find(CUSTOMER, call()), cache.find(CUSTOMER, call())]);
    await Promise.resolve();
    asked[0]?.answer(FOUND);
    expect((await both).map(({ cached }) => cached)).toEqual([false, true]);
    now = 59_999;
    expect(await cache.find(CUSTOMER, call())).toMatchObject({ cached: true, asOf: 0 });
    expect(asked).toHaveLength(1);
    now = 60_000;
    void cache.find(CUSTOMER, call());
    await Promise.resolve();
    expect(asked).toHaveLength(2);
  });

  it("keeps no failure", async () => {
    const { asked, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, () => 0);
    const failed = cache.find(CUSTOMER, call());
    await Promise.resolve();
    asked[0]?.fail(new TypeError("no"));
    await expect(failed).rejects.toThrow("no");
    void cache.find(CUSTOMER, call());
    await Promise.resolve();
    expect(asked).toHaveLength(2);
  });

  it("calls a lookup off with the last who waits for it, not before", async () => {
    const { asked, source } = heldSource();
    const cache = cacheHistory(source, MINUTE, () => 0);
    const first = new AbortController();
    const second = new AbortController();
    const both = [first, second].map(({ signal }) => cache.find(CUSTOMER, call(signal)));
    await Promise.resolve();
    first.abort();
    expect(asked[0]?.call.signal.aborted).toBe(false);
    second.abort();
    expect(asked[0]?.call.signal.aborted).toBe(true);
    for (const left of both) await expect(left).rejects.toBeInstanceOf(Failure);
  });
});

describe("what workers share in Redis", () => {
  let redis: RedisServer;
  let shared: SharedState;
  beforeAll(async () => {
    redis = await startRedisServer();
    shared = await connectRedis({ url: redis.url, cluster: false, report: () => undefined });
  });
  afterAll(async () => {
    shared.close();
    await redis[Symbol.asyncDispose]();
  });

  function store(scope: string, keepNames = false): HistoryStore {
    return sharedHistories({ shared, scope, secret: "s", keepNames, freshForMs: 60_000 });
  }

  it("serves another worker, without a name that nobody may see, and expires", async () => {
    const one = heldSource();
    const two = heldSource();
    const options = { ...MINUTE, shared: store("a") };
    const first = cacheHistory(one.source, options, () => 5).find(CUSTOMER, call());
    while (one.asked.length === 0) await shared.get("nothing");
    one.asked[0]?.answer(FOUND);
    await first;
    const there = await cacheHistory(two.source, options, () => 6).find(CUSTOMER, call());
    expect(there).toMatchObject({ cached: true, asOf: 5, history: { match: "found" } });
    expect(there.history).toMatchObject({ customer: { id: "42", name: undefined } });
    expect(two.asked).toHaveLength(0);
    const keys = redis.command("KEYS", "ringahead:history:*").split("\n");
    expect(keys.join()).not.toContain("ada");
    expect(Number(redis.command("PTTL", keys[0] ?? ""))).toBeGreaterThan(0);
  });

  it("keeps the name where it may be written, and what Oracle did not find", async () => {
    await store("b", true).set("x", { asOf: epochMs(1), history: FOUND });
    expect(await store("b", true).get("x")).toEqual({ asOf: 1, history: FOUND });
    await store("b").set("y", { asOf: epochMs(2), history: { match: "not_found" } });
    expect(await store("b").get("y")).toEqual({ asOf: 2, history: { match: "not_found" } });
    expect(await store("c").get("y")).toBeUndefined();
  });

  it("does without Redis", async () => {
    await using gone = await startRedisServer();
    const lost = await connectRedis({ url: gone.url, cluster: false, report: () => undefined });
    await gone.kill();
    const options = { shared: lost, scope: "a", secret: "s", keepNames: true, freshForMs: 60_000 };
    const { asked, source } = heldSource();
    const cache = cacheHistory(
      source,
      { ...MINUTE, shared: sharedHistories(options) },
      () => 0,
    ).find(CUSTOMER, call());
    while (asked.length === 0) await new Promise(setImmediate);
    asked[0]?.answer(FOUND);
    expect(await cache).toMatchObject({ cached: false, history: FOUND });
    lost.close();
  });
});
