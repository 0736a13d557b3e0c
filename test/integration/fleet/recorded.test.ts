import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { contactId, conversationId, participantId } from "../../../src/domain/event/ids.ts";
import type { History } from "../../../src/domain/history/history.ts";
import { safeReference, safeText } from "../../../src/domain/history/safe-text.ts";
import { epochMs, after as later, monotonicMs } from "../../../src/domain/time.ts";
import { sharedConversations } from "../../../src/fleet/conversations.ts";
import { createFleetBudget } from "../../../src/fleet/fleet-budget.ts";
import { sharedHistories } from "../../../src/fleet/histories.ts";
import { useRedis } from "../../support/redis.ts";

/**
 * Redis values that an earlier version (the file's `recordedFrom`) wrote to a real Redis. During a
 * deployment both versions run, so each reads what the other has written.
 */
function recorded<T>(name: string, schema: z.ZodType<T>): T {
  const url = new URL(`../../fixtures/recorded/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(url, "utf8")));
}

const server = useRedis();
afterEach(() => void server.redis.command("FLUSHALL"));

describe("a conversation", () => {
  const { scope, key, hash, ...rest } = recorded(
    "redis-conversation",
    z.object({
      scope: z.string(),
      conversationId,
      key: z.string(),
      hash: z.record(z.string(), z.string()),
    }),
  );
  const id = rest.conversationId;
  const base = epochMs(1_795_000_000_000);
  const at = (ms: number) => later(base, ms);
  const customer = participantId.parse("participant-1");
  const other = participantId.parse("participant-2");
  const contact = contactId.parse("contact-1");
  const FOREVER_MS = 10 ** 13;

  it("is read", async () => {
    server.redis.command("HSET", key, ...Object.entries(hash).flat());
    const known = await sharedConversations(server.shared, scope).exchange(id, {});
    expect(known).toEqual({
      agentAt: at(9_000),
      sessions: new Map([
        [
          `${customer}/session-1`,
          {
            startedAt: base,
            attempts: 2,
            written: { status: "found", at: at(4_000) },
            contactId: contact,
            triedContactId: contact,
            claimedBy: "message-1",
          },
        ],
        [
          `${customer}/session-2`,
          {
            startedAt: at(50_000),
            endedAt: at(40_000),
            generation: at(50_000),
            attempts: 1,
            written: { status: "unavailable", at: at(52_000) },
          },
        ],
        [`${other}/`, { endedAt: at(60_000), attempts: 0 }],
      ]),
    });
  });

  it("is merged, and its claim holds", async () => {
    server.redis.command("HSET", key, ...Object.entries(hash).flat());
    const known = await sharedConversations(server.shared, scope, FOREVER_MS).exchange(id, {
      session: { key: `${customer}/session-1`, news: { attempts: 3 }, claim: "message-9" },
    });
    expect(known?.sessions.get(`${customer}/session-1`)).toMatchObject({
      attempts: 3,
      claimedBy: "message-1",
    });
  });

  it("is written in the same format", async () => {
    const { exchange } = sharedConversations(server.shared, scope);
    const share = (session: Parameters<typeof exchange>[1]["session"]) => exchange(id, { session });
    const first = `${customer}/session-1` as const;
    const second = `${customer}/session-2` as const;
    const start = at(50_000);
    await exchange(id, { agentAt: at(9_000) });
    const news = { startedAt: base, generation: 0, attempts: 2 };
    const tried = { ...news, contactId: contact, triedContactId: contact };
    await share({ key: first, news: tried, claim: "message-1" });
    const found = { status: "found", at: at(4_000) } as const;
    await share({ key: first, news: { ...news, written: found } });
    const reopened = { startedAt: start, endedAt: at(40_000), generation: start, attempts: 1 };
    const unavailable = { status: "unavailable", at: at(52_000) } as const;
    const again = { ...reopened, written: unavailable };
    await share({ key: second, news: again, claim: "message-2" });
    await share({ key: second, news: { generation: start }, release: "message-2" });
    await share({ key: `${other}/`, news: { endedAt: at(60_000) } });
    expect(server.redis.command("KEYS", "*")).toBe(key);
    const written = pairs(server.redis.command("HGETALL", key));
    expect(Object.keys(written).sort()).toEqual(Object.keys(hash).sort());
    for (const [field, value] of Object.entries(hash)) {
      expect(withoutClaimTime(written[field])).toEqual(withoutClaimTime(value));
    }
  });

  function withoutClaimTime(value = "null"): unknown {
    return JSON.parse(value.replace(/"claimedAt":\d+/, '"claimedAt":0'));
  }
});

describe("a history", () => {
  const { scope, secret, entries } = recorded(
    "redis-history",
    z.object({
      scope: z.string(),
      secret: z.string(),
      entries: z.array(
        z.object({ name: z.string(), identityKey: z.string(), key: z.string(), value: z.string() }),
      ),
    }),
  );
  const asOf = epochMs(1_795_000_001_000);
  const customer = {
    id: safeReference("42"),
    name: safeText("Ada Lovelace", 80),
    account: safeText("Analytical Engines", 80),
    firstName: safeText("Ada", 80),
    lastName: safeText("Lovelace", 80),
    fields: { tier: safeText("gold", 80) },
  };
  const found: History = {
    match: "found",
    rank: "exact",
    customer,
    cases: [
      {
        reference: safeReference("260101-000007"),
        subject: safeText("The parcel is lost", 80),
        status: safeText("Unresolved", 40),
        updatedAt: epochMs(1_794_913_600_000),
      },
      {
        reference: safeReference("251201-000003"),
        subject: safeText("Invoice", 80),
        status: safeText("Solved", 40),
        updatedAt: undefined,
      },
    ],
    openCases: { count: 1, exact: true },
  };
  /** What is read of each recorded entry. One without a rank does not say how sure it is: a miss. */
  const histories: Readonly<Record<string, History | undefined>> = {
    "found, with the name": undefined,
    "found, without the name": undefined,
    "not found": { match: "not_found" },
    ambiguous: { match: "ambiguous" },
  };
  const { id, account, fields } = customer;

  function openStore(keepNames: boolean) {
    return sharedHistories({ shared: server.shared, scope, secret, keepNames, freshForMs: 60_000 });
  }

  it.each(entries)("is read: $name", async ({ name, identityKey, key, value }) => {
    if (!Object.hasOwn(histories, name)) throw new Error(`no history for ${name}`);
    server.redis.command("SET", key, value);
    const read = histories[name];
    expect(await openStore(false).get(identityKey)).toEqual(read && { asOf, history: read });
  });

  it.each([true, false])(
    "is written in the recorded format, with its rank: names %s",
    async (names) => {
      const name = names ? "found, with the name" : "found, without the name";
      const entry = entries.find((one) => one.name === name);
      if (entry === undefined) throw new Error(`no entry ${name}`);
      const { identityKey, key, value } = entry;
      await openStore(names).set(identityKey, { asOf, history: found });
      const { asOf: writtenAt, history } = JSON.parse(server.redis.command("GET", key));
      const { rank, ...rest } = history;
      expect(rank).toBe("exact");
      expect({ asOf: writtenAt, history: rest }).toEqual(JSON.parse(value));
      const nameless: History = { ...found, customer: { id, name: undefined, account, fields } };
      const read = await openStore(names).get(identityKey);
      expect(read).toEqual({ asOf, history: names ? found : nameless });
    },
  );
});

describe("a lease table", () => {
  const scores = z.record(z.string(), z.number());
  const tableSchema = z.object({
    name: z.string(),
    recordedAt: z.number(),
    keys: z.array(z.string()),
    leases: scores,
    book: z.record(z.string(), z.string()),
    workers: scores,
  });
  type Recorded = z.output<typeof tableSchema>;
  const { tables } = recorded("redis-leases", z.object({ tables: z.array(tableSchema) }));

  /** Writes the recorded table, with its times moved to the present. */
  function restore({ name, recordedAt, leases, book, workers }: Recorded): void {
    const moved = Date.now() - recordedAt;
    const key = (part: string) => `{ringahead:${name}}:${part}`;
    const later = (values: Record<string, number>) =>
      Object.entries(values).flatMap(([member, score]) => [String(score + moved), member]);
    server.redis.command("ZADD", key("leases"), ...later(leases));
    server.redis.command("ZADD", key("workers"), ...later(workers));
    const paused = Number(book.paused) === 0 ? "0" : String(Number(book.paused) + moved);
    server.redis.command("HSET", key("book"), ...Object.entries({ ...book, paused }).flat());
  }

  function join({ name }: Recorded) {
    return createFleetBudget({
      ...{ shared: server.shared, name, worker: "worker-c", report: () => undefined },
      amounts: { limit: 300, windowMs: 60_000, reserve: 10, timeoutMs: 10_000 },
      now: () => monotonicMs(performance.now()),
    });
  }

  function tableOf(name: string): Recorded {
    const found = tables.find((one) => one.name === `genesys:${name}`);
    if (found === undefined) throw new Error(`no table ${name} is recorded`);
    return found;
  }

  it("is joined: limit, leases and workers count", async () => {
    const table = tableOf("running");
    restore(table);
    const budget = join(table);
    try {
      const { slots } = await budget.take({ live: 2, other: 0 });
      expect(slots).toHaveLength(2);
      const used = Object.keys(table.leases).length + 2;
      expect(budget.state()).toMatchObject({ mode: "shared", limit: 280, used, workers: 3 });
    } finally {
      budget.close();
    }
    expect(server.redis.command("KEYS", "*").split("\n").sort()).toEqual(table.keys);
    const book = pairs(server.redis.command("HGETALL", `{ringahead:${table.name}}:book`));
    expect(book).toEqual(table.book);
  });

  it("is joined: its pause counts", async () => {
    const table = tableOf("paused");
    restore(table);
    const budget = join(table);
    try {
      const { slots, againInMs } = await budget.take({ live: 2, other: 0 });
      expect(slots).toHaveLength(0);
      expect(againInMs).toBeGreaterThan(1_000);
      expect(budget.state()).toMatchObject({ mode: "shared", limit: 300, workers: 3 });
      expect(budget.state().pausedForMs).toBeGreaterThan(1_000);
    } finally {
      budget.close();
    }
  });
});

/** `HGETALL` as redis-cli writes it: field and value in turn, a line each. */
function pairs(output: string): Record<string, string> {
  const lines = output.split("\n");
  const entries: [string, string][] = [];
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [field = "", value = ""] = lines.slice(i, i + 2);
    entries.push([field, value]);
  }
  return Object.fromEntries(entries);
}
