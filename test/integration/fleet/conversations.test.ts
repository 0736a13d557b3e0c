import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionKey } from "../../../src/domain/conversation/fleet-memory.ts";
import {
  mergeSession,
  type Session,
  type SessionNews,
} from "../../../src/domain/conversation/session.ts";
import { contactId, conversationId, participantId } from "../../../src/domain/event/ids.ts";
import { sharedConversations } from "../../../src/fleet/conversations.ts";
import { connectRedis, type SharedState } from "../../../src/fleet/redis.ts";
import {
  type RedisServer,
  startRedisServer,
} from "../../../src/sandbox/environment/redis-server.ts";

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

const customer = participantId.parse("p1");
const key: SessionKey = `${customer}/s1`;
let conversations = 0;

/** Two workers that speak of a conversation of their own. */
function conversation() {
  conversations += 1;
  const id = conversationId.parse(`c${conversations}`);
  const memory = sharedConversations(shared, "org");
  return {
    async tell(news: SessionNews, claims: { claim?: string; release?: string } = {}) {
      const known = await memory.exchange(id, { session: { key, news, ...claims } });
      return known?.sessions.get(key);
    },
    agent: (agentAt?: number) => memory.exchange(id, { agentAt }),
  };
}

const base = 1_795_000_000_000;
const found = { status: "found", at: base + 5 } as const;

describe("what a fleet knows of a session", () => {
  it("keeps the later end, whoever tells it first", async () => {
    const { tell } = conversation();
    await tell({ endedAt: base + 2 });
    expect(await tell({ endedAt: base + 1, startedAt: base })).toMatchObject({
      startedAt: base,
      endedAt: base + 2,
    });
  });

  it("forgets the write of a stretch that is over", async () => {
    const { tell } = conversation();
    await tell({ generation: 0, attempts: 3, written: found });
    const reopened = await tell({ generation: base + 9, startedAt: base + 9 });
    expect(reopened).toMatchObject({ stretch: base + 9 });
    expect(reopened).not.toHaveProperty("written");
    expect(await tell({ generation: 0, written: found })).not.toHaveProperty("written");
  });

  it("gives a claim to the first who asks, until that one lets go", async () => {
    const { tell } = conversation();
    expect(await tell({}, { claim: "m1" })).toMatchObject({ claimedBy: "m1" });
    expect(await tell({}, { claim: "m2" })).toMatchObject({ claimedBy: "m1" });
    expect(await tell({}, { release: "m2" })).toMatchObject({ claimedBy: "m1" });
    expect(await tell({}, { release: "m1" })).not.toHaveProperty("claimedBy");
    expect(await tell({}, { claim: "m2" })).toMatchObject({ claimedBy: "m2" });
  });

  it("gives a claim to another that has not been renewed for long: its message may be gone", async () => {
    const memory = sharedConversations(shared, "org", 0);
    const id = conversationId.parse("lease");
    const claim = async (by: string) => {
      const known = await memory.exchange(id, { session: { key, news: {}, claim: by } });
      return known?.sessions.get(key)?.claimedBy;
    };
    expect(await claim("m1")).toBe("m1");
    await expect.poll(() => claim("m2")).toBe("m2");
  });

  it("remembers the first agent", async () => {
    const { agent } = conversation();
    await agent(base + 7);
    expect(await agent(base + 3)).toMatchObject({ agentAt: base + 3 });
    expect(await agent(base + 9)).toMatchObject({ agentAt: base + 3 });
    expect(await agent()).toMatchObject({ agentAt: base + 3 });
  });

  it("forgets everything by itself", () => {
    const keys = redis.command("KEYS", "ringahead:conversation:*").split("\n").filter(Boolean);
    expect(keys.length).toBeGreaterThan(0);
    for (const name of keys) {
      expect(Number(redis.command("PTTL", name))).toBeGreaterThan(11 * 3_600_000);
    }
  });

  it("merges as a worker does in its own memory, whatever is told in whichever order", async () => {
    const time = fc.option(fc.integer({ min: base, max: base + 20 }), { nil: undefined });
    const news = fc.record({
      startedAt: time,
      endedAt: time,
      stretch: fc.constantFrom(0, base, base + 10),
      attempts: fc.nat({ max: 5 }),
      written: fc.option(
        fc.record({
          status: fc.constantFrom("found" as const, "unavailable" as const),
          at: fc.integer({ min: base, max: base + 20 }),
        }),
        { nil: undefined },
      ),
      contactId: fc.constantFrom(contactId.parse("k1"), contactId.parse("k2")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(news, { minLength: 1, maxLength: 6 }), async (all) => {
        const { tell } = conversation();
        const mine: Session = { participantId: customer, attempts: 0, generation: 0 };
        let told: Awaited<ReturnType<typeof tell>>;
        for (const one of all) {
          const known = JSON.parse(JSON.stringify(one)) as SessionNews;
          mergeSession(mine, known);
          told = await tell(known);
        }
        const { participantId: _, ...kept } = mine;
        expect({ generation: 0, attempts: 0, ...told }).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });
});

it("is nothing where Redis cannot be reached, and nothing is thrown", async () => {
  const apart = await connectRedis({
    url: "redis://127.0.0.1:1",
    cluster: false,
    report: () => undefined,
  });
  try {
    const memory = sharedConversations(apart, "org");
    expect(await memory.exchange(conversationId.parse("c"), {})).toBeUndefined();
  } finally {
    apart.close();
  }
});
