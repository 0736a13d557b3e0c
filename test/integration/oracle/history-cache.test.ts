import { describe, expect, it } from "vitest";
import type { HistoryStore } from "../../../src/domain/history/history-store.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { sharedHistories } from "../../../src/fleet/histories.ts";
import { connectRedis } from "../../../src/fleet/redis.ts";
import { type CacheOptions, cacheHistory } from "../../../src/oracle/history-cache.ts";
import { startRedisServer } from "../../../src/sandbox/environment/redis-server.ts";
import { createTestClocks } from "../../support/clocks.ts";
import { CUSTOMER, FOUND, heldSource, liveCall } from "../../support/histories.ts";
import { useRedis } from "../../support/redis.ts";

const MINUTE: CacheOptions = { freshForMs: 60_000, entries: 10 };

describe("histories in Redis", () => {
  const server = useRedis();

  function store(scope: string, keepNames = false): HistoryStore {
    return sharedHistories({
      shared: server.shared,
      scope,
      secret: "s",
      keepNames,
      freshForMs: 60_000,
    });
  }

  it("serve another worker, without names that are switched off, and expire", async () => {
    const one = heldSource();
    const two = heldSource();
    const options = { ...MINUTE, shared: store("a") };
    const clocks = createTestClocks(5);
    const first = cacheHistory(one.source, options, clocks).find(CUSTOMER, liveCall());
    while (one.requests.length === 0) await server.shared.get("nothing");
    one.requests[0]?.answer(FOUND);
    await first;
    const cached = await cacheHistory(two.source, options, clocks).find(CUSTOMER, liveCall());
    expect(cached).toMatchObject({ cached: true, asOf: 5, history: { match: "found" } });
    expect(cached.history).toMatchObject({ customer: { id: "42", name: undefined } });
    expect(two.requests).toHaveLength(0);
    const keys = server.redis.command("KEYS", "ringahead:history:*").split("\n");
    expect(keys.join()).not.toContain("ada");
    expect(Number(server.redis.command("PTTL", keys[0] ?? ""))).toBeGreaterThan(0);
  });

  it("hold the name if names are written, and that Oracle found nobody", async () => {
    await store("b", true).set("x", { asOf: epochMs(1), history: FOUND });
    expect(await store("b", true).get("x")).toEqual({ asOf: epochMs(1), history: FOUND });
    await store("b").set("y", { asOf: epochMs(2), history: { match: "not_found" } });
    expect(await store("b").get("y")).toEqual({
      asOf: epochMs(2),
      history: { match: "not_found" },
    });
    expect(await store("c").get("y")).toBeUndefined();
  });

  it("are not needed: lookups work without Redis", async () => {
    await using gone = await startRedisServer();
    const lost = await connectRedis({ url: gone.url, cluster: false, report: () => undefined });
    await gone.kill();
    const options = { shared: lost, scope: "a", secret: "s", keepNames: true, freshForMs: 60_000 };
    const { requests, source } = heldSource();
    const cache = cacheHistory(
      source,
      { ...MINUTE, shared: sharedHistories(options) },
      createTestClocks(),
    ).find(CUSTOMER, liveCall());
    while (requests.length === 0) await new Promise(setImmediate);
    requests[0]?.answer(FOUND);
    expect(await cache).toMatchObject({ cached: false, history: FOUND });
    lost.close();
  });
});
