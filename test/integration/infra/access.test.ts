import { expect, it } from "vitest";
import { ACCESS } from "../../../infra/shared-state.ts";
import { conversationId, participantId } from "../../../src/domain/event/ids.ts";
import { identityKey } from "../../../src/domain/identity/identity.ts";
import { phoneIdentity } from "../../../src/domain/identity/phone.ts";
import { epochMs, monotonicMs } from "../../../src/domain/time.ts";
import { sharedConversations } from "../../../src/fleet/conversations.ts";
import { createFleetBudget } from "../../../src/fleet/fleet-budget.ts";
import { sharedHistories } from "../../../src/fleet/histories.ts";
import { connectRedis } from "../../../src/fleet/redis.ts";
import { startRedisServer } from "../../../src/sandbox/environment/redis-server.ts";

it.each([false, true])(
  "the worker's user may send only the commands that it needs (cluster: %s)",
  async (cluster) => {
    await using redis = await startRedisServer({ cluster });
    // Redis 7.0, which the tests use, does not have CLIENT SETINFO. Valkey 8 has it.
    const access = ACCESS.split(" ").filter((rule) => rule !== "+client|setinfo");
    expect(redis.command("ACL", "SETUSER", "ringahead", ...access, ">secret")).toBe("OK");
    const url = redis.url.replace("://", "://ringahead:secret@");
    const facts: string[] = [];
    const shared = await connectRedis({ url, cluster, report: (name) => facts.push(name) });
    const budget = createFleetBudget({
      shared,
      name: "genesys:test",
      worker: "w1",
      amounts: { limit: 300, windowMs: 60_000, reserve: 0, timeoutMs: 1_000 },
      now: () => monotonicMs(performance.now()),
      report: ({ kind }) => facts.push(kind),
    });
    try {
      const { slots } = await budget.take({ live: 1, other: 0 });
      expect(slots).toHaveLength(1);
      for (const slot of slots) budget.answered(slot, { allowed: 300, count: 5, resetMs: 30_000 });
      expect((await budget.take({ live: 2, other: 0 })).slots).toHaveLength(2);

      const customer = participantId.parse("p");
      const known = await sharedConversations(shared, "org").exchange(conversationId.parse("c"), {
        agentAt: epochMs(5),
        session: { key: `${customer}/s`, news: { startedAt: epochMs(1) }, claim: "m" },
      });
      expect(known?.sessions.size).toBe(1);

      const histories = sharedHistories({
        ...{ shared, scope: "b2c", secret: "s", keepNames: false, freshForMs: 60_000 },
      });
      const identity = phoneIdentity("+15550199999", "US", "typed");
      if (identity === undefined) throw new Error("no number");
      await histories.set(identityKey(identity), {
        history: { match: "not_found" },
        asOf: epochMs(1),
      });
      expect(await histories.get(identityKey(identity))).toMatchObject({ asOf: 1 });
      // The server counts foreign requests. A command that Redis refuses would be another fact.
      expect(facts).toEqual(["foreign"]);

      const asUser = ["--user", "ringahead", "--pass", "secret", "--no-auth-warning"];
      for (const forbidden of [
        ["FLUSHALL"],
        ["FLUSHDB"],
        ["KEYS", "*"],
        ["CONFIG", "GET", "*"],
        ["GET", "somebody:else"],
        ["DEL", "ringahead:history:x"],
        ["SCRIPT", "FLUSH"],
        ["ACL", "LIST"],
      ]) {
        expect(redis.command(...asUser, ...forbidden)).toMatch(/NOPERM|no permissions/i);
      }
    } finally {
      budget.close();
      shared.close();
    }
  },
);
