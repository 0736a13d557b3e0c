import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionKey } from "../../../src/domain/conversation/fleet-memory.ts";
import {
  mergeSession,
  type Session,
  type SessionNews,
} from "../../../src/domain/conversation/session.ts";
import { contactId, conversationId, participantId } from "../../../src/domain/event/ids.ts";
import { readReference } from "../../../src/domain/identity/reference.ts";
import { type EpochMs, epochMs, after as later } from "../../../src/domain/time.ts";
import { sharedConversations } from "../../../src/fleet/conversations.ts";
import { connectRedis } from "../../../src/fleet/redis.ts";
import { useRedis } from "../../support/redis.ts";

const server = useRedis();

const customer = participantId.parse("p1");
const key: SessionKey = `${customer}/s1`;
let conversations = 0;

/** A conversation that no other test uses. */
function conversation() {
  conversations += 1;
  const id = conversationId.parse(`c${conversations}`);
  const memory = sharedConversations(server.shared, "org");
  return {
    async share(news: SessionNews, claims: { claim?: string; release?: string } = {}) {
      const known = await memory.exchange(id, { session: { key, news, ...claims } });
      return known?.sessions.get(key);
    },
    agent: (agentAt?: EpochMs) => memory.exchange(id, { agentAt }),
  };
}

const base = epochMs(1_795_000_000_000);
const at = (ms: number) => later(base, ms);
const found = { status: "found", at: at(5) } as const;

describe("what a fleet knows of a session", () => {
  it("keeps the later end, in whichever order they are shared", async () => {
    const { share } = conversation();
    await share({ endedAt: at(2) });
    expect(await share({ endedAt: at(1), startedAt: base })).toMatchObject({
      startedAt: base,
      endedAt: at(2),
    });
  });

  it("keeps the first start and the stronger origin, in whichever order they are shared", async () => {
    const { share } = conversation();
    await share({ firstAt: at(5), origin: "dialled_by_agent" });
    expect(await share({ firstAt: at(2), origin: "came_in" })).toMatchObject({
      firstAt: at(2),
      origin: "dialled_by_agent",
    });
    expect(await share({ firstAt: at(9) })).toMatchObject({
      firstAt: at(2),
      origin: "dialled_by_agent",
    });
  });

  it("drops the write of an earlier generation", async () => {
    const { share } = conversation();
    await share({ generation: 0, attempts: 3, written: found });
    const reopened = await share({ generation: at(9), startedAt: at(9) });
    expect(reopened).toMatchObject({ generation: at(9) });
    expect(reopened).not.toHaveProperty("written");
    expect(await share({ generation: 0, written: found })).not.toHaveProperty("written");
  });

  it("gives a claim to the first message that asks, until it is released", async () => {
    const { share } = conversation();
    expect(await share({}, { claim: "m1" })).toMatchObject({ claimedBy: "m1" });
    expect(await share({}, { claim: "m2" })).toMatchObject({ claimedBy: "m1" });
    expect(await share({}, { release: "m2" })).toMatchObject({ claimedBy: "m1" });
    expect(await share({}, { release: "m1" })).not.toHaveProperty("claimedBy");
    expect(await share({}, { claim: "m2" })).toMatchObject({ claimedBy: "m2" });
  });

  it("gives a claim to another message if it was not renewed in time", async () => {
    const memory = sharedConversations(server.shared, "org", 0);
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
    await agent(at(7));
    expect(await agent(at(3))).toMatchObject({ agentAt: at(3) });
    expect(await agent(at(9))).toMatchObject({ agentAt: at(3) });
    expect(await agent()).toMatchObject({ agentAt: at(3) });
  });

  it("lets every conversation expire", () => {
    const keys = server.redis
      .command("KEYS", "ringahead:conversation:*")
      .split("\n")
      .filter(Boolean);
    expect(keys.length).toBeGreaterThan(0);
    for (const name of keys) {
      expect(Number(server.redis.command("PTTL", name))).toBeGreaterThan(11 * 3_600_000);
    }
  });

  it("merges as a worker does in its own memory, whatever is shared in whichever order", async () => {
    const time = fc.option(fc.integer({ min: base, max: base + 20 }), { nil: undefined });
    const references = ["AC-1007", "AC-1008"].flatMap((text) => readReference(text) ?? []);
    const origin = fc.constantFrom("came_in", "dialled", "dialled_by_agent", "callback");
    const news = fc.record({
      origin: fc.option(origin, { nil: undefined }),
      firstAt: time,
      startedAt: time,
      endedAt: time,
      generation: fc.constantFrom(0, base, base + 10),
      attempts: fc.nat({ max: 5 }),
      written: fc.option(
        fc.record({
          status: fc.constantFrom("found" as const, "unavailable" as const),
          at: fc.integer({ min: base, max: base + 20 }),
        }),
        { nil: undefined },
      ),
      erasedAt: time,
      contactId: fc.constantFrom(contactId.parse("k1"), contactId.parse("k2")),
      contactAt: time,
      reference: fc.constantFrom(...references),
      referenceAt: time,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(news, { minLength: 1, maxLength: 6 }), async (all) => {
        const { share } = conversation();
        const mine: Session = { participantId: customer, attempts: 0, generation: 0 };
        let known: Awaited<ReturnType<typeof share>>;
        for (const one of all) {
          const news = JSON.parse(JSON.stringify(one)) as SessionNews;
          mergeSession(mine, news);
          known = await share(news);
        }
        const { participantId: _, ...kept } = mine;
        expect({ generation: 0, attempts: 0, ...known }).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });
});

it("finds nothing if Redis cannot be reached, and does not throw", async () => {
  const unreachable = await connectRedis({
    url: "redis://127.0.0.1:1",
    cluster: false,
    report: () => undefined,
  });
  try {
    const memory = sharedConversations(unreachable, "org");
    expect(await memory.exchange(conversationId.parse("c"), {})).toBeUndefined();
  } finally {
    unreachable.close();
  }
});
