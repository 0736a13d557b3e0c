import { describe, expect, it } from "vitest";
import { startRedis, startWorker } from "../../support/environment.ts";
import { startWorld, type World } from "../../support/world.ts";

/** A conversation of its own customer, sent the whole way. */
async function start(world: World, id: string): Promise<void> {
  const ids = { conversationId: id, participantId: `p-${id}`, sessionId: `s-${id}` };
  world.sandbox.genesys.addConversation(ids);
  await world.sandbox.publish("customerStart", {
    ...ids,
    eventTime: Date.now(),
    mediaType: "VOICE",
    direction: "INBOUND",
    ani: "tel:+15550199999",
  });
}

async function startAll(world: World, prefix: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  for (const id of ids) await start(world, id);
  return ids;
}

describe("two workers and one Redis", () => {
  it("write everything without a 429 while Redis runs, is killed, and runs again", async () => {
    const redis = await startRedis();
    const environment = { REDIS_URL: redis.url, LOG_LEVEL: "debug" };
    const world = await startWorld({ environment });
    const { genesys } = world.sandbox;
    const other = startWorker({ ...world.sandbox.environment, ...environment });
    await other.line(({ fact }) => fact === "worker.started");
    for (const id of await startAll(world, "with", 20)) await genesys.nextPatch(id);
    await redis.kill();
    await world.fact("fleet.apart");
    for (const id of await startAll(world, "without", 20)) await genesys.nextPatch(id);
    await redis.restart();
    await world.fact("fleet.together");
    for (const id of await startAll(world, "again", 20)) await genesys.nextPatch(id);
    expect(genesys.throttled).toBe(0);
    expect(genesys.counts.patch).toBe(60);
    // One customer, looked up by either worker and shared by Redis, and by memory without it.
    expect(world.sandbox.oracle.counts.search).toBeLessThanOrEqual(3);
  });
});

describe("Oracle down", () => {
  it("opens the breaker, writes `unavailable` to every conversation, and the history when it is up again", async () => {
    const world = await startWorld();
    const { oracle, genesys } = world.sandbox;
    oracle.faults.push({ kind: "empty", status: 503, times: Number.POSITIVE_INFINITY });
    const ids = await startAll(world, "down", 6);
    for (const id of ids) await genesys.nextPatch(id);
    expect(await world.fact("breaker.opened")).toMatchObject({
      source: "oracle",
      code: "server_error",
    });
    for (const id of ids) {
      expect(genesys.attributesOf(id, `p-${id}`)).toMatchObject({ oracle_status: "unavailable" });
    }
    oracle.faults.clear();
    for (const id of ids) await genesys.nextPatch(id, { count: 2 });
    expect(await world.fact("breaker.closed")).toMatchObject({ source: "oracle" });
    for (const id of ids) {
      expect(genesys.attributesOf(id, `p-${id}`)).toMatchObject({ oracle_status: "found" });
    }
    expect(genesys.counts.patch).toBe(12);
  });
});
