import { describe, expect, it } from "vitest";
import type { StoredHistory } from "../../../src/domain/history/history-store.ts";
import { epochMs, after as later, monotonicMs } from "../../../src/domain/time.ts";
import type { FactName } from "../../../src/observability/facts/facts.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { enrich, settle } from "../../../src/pipeline/enrichment.ts";
import { createReporter } from "../../../src/pipeline/enrichment-facts.ts";
import { createExecutor, type Executor } from "../../../src/pipeline/executor.ts";
import { abortedFailure } from "../../../src/resilience/http/client.ts";
import { oracleFailure, workItem } from "../../support/work.ts";

const ENDLESS = Number.POSITIVE_INFINITY;
const unlimited = { perMinute: ENDLESS, free: ENDLESS, freeNow: ENDLESS, pausedForMs: 0 };
const nobody = { history: { match: "not_found" }, asOf: epochMs(0), cached: false } as const;

/** An executor whose lookups are answered by the test. */
function setUp({ concurrency = 2 } = {}) {
  const store = createConversationStore(undefined);
  const facts: FactName[] = [];
  const lookups: {
    number: string;
    answer: PromiseWithResolvers<StoredHistory & { cached: boolean }>;
  }[] = [];
  const settled: { id: string; how: string; delayMs?: number }[] = [];
  const clocks = {
    epochNow: () => epochMs(Date.now()),
    eventNow: () => epochMs(Date.now()),
    monotonicNow: () => monotonicMs(performance.now()),
  };
  const report = (name: FactName) => void facts.push(name);
  const reporter = createReporter({ report, shadow: false, clocks });
  const calls = {
    findHistory(identity: { kind: string; number?: string }, { signal }: { signal: AbortSignal }) {
      const answer = Promise.withResolvers<StoredHistory & { cached: boolean }>();
      signal.addEventListener("abort", () => answer.reject(abortedFailure("oracle", "a lookup")));
      lookups.push({ number: identity.number ?? "", answer });
      return answer.promise;
    },
    findContact: () => Promise.resolve(undefined),
    writeAttributes: () => Promise.resolve(),
  };
  const summary = {
    prefix: "oracle_",
    language: "en",
    includeCustomerName: false,
    caseUrlTemplate: undefined,
    panelLabels: undefined,
  } as const;
  const enrichment = {
    calls,
    store,
    reporter,
    summary,
    defaultRegion: "US",
    clocks,
    random: () => 0,
  } as const;
  const executor = createExecutor({
    enrich: (item, signal, progress) => enrich(item, signal, progress, enrichment),
    overdue: (item) => settle(item, { kind: "unavailable_handled" }, enrichment),
    capacity: {
      of: () => ({ genesys: unlimited, oracle: unlimited }),
      oracleConcurrency: concurrency,
      oracleRequests: 1,
    },
    ...{ store, reporter, report, clocks },
  });

  const itemOf = (id: string, number = 0) =>
    workItem(id, store, `tel:+1555019${String(number).padStart(4, "0")}`);
  function submit(item: ReturnType<typeof itemOf>): void {
    void executor.submit(item).then((outcome) => {
      const delay = outcome.do === "requeue" ? { delayMs: outcome.delayMs } : {};
      settled.push({ id: item.messageId, how: outcome.do, ...delay });
    });
  }
  /** Answers one lookup after the other, until none waits. */
  async function answerAll(): Promise<void> {
    await new Promise(setImmediate);
    for (let next = 0; next < lookups.length; next += 1) {
      lookups[next]?.answer.resolve(nobody);
      await new Promise(setImmediate);
    }
  }
  return { executor, store, facts, lookups, settled, itemOf, submit, answerAll };
}

describe("a full backlog", () => {
  it("requeues the least useful item for a while, and takes the new one", async () => {
    const { executor, settled, facts, itemOf, submit } = setUp();
    for (let number = 0; number < 5_002; number += 1) submit(itemOf(`c${number}`, number));
    expect(executor.inProgress).toBe(2);
    expect(executor.waiting).toBe(5_000);
    submit(itemOf("one-more", 9_999));
    expect(executor.waiting).toBe(5_000);
    await new Promise(setImmediate);
    expect(settled).toEqual([
      { id: expect.stringMatching(/^c\d/), how: "requeue", delayMs: 120_000 },
    ]);
    expect(facts).toContain("backlog.made_room");
    expect(await drained(executor)).toBeGreaterThanOrEqual(5_000);
  });
});

describe("an agent who answers while a conversation waits", () => {
  it("puts it behind those that are unanswered", async () => {
    const { executor, store, lookups, itemOf, submit, answerAll } = setUp();
    for (const [number, id] of ["a", "b", "answered", "d"].entries()) submit(itemOf(id, number));
    const { conversation, event, startedAt } = itemOf("answered", 2);
    conversation.agentAt = later(startedAt, 1_000);
    executor.answered(event.body.conversationId);
    await answerAll();
    expect(lookups.map(({ number }) => number.at(-1))).toEqual(["0", "1", "3", "2"]);
    expect(store.conversation(event.body.conversationId).sessions.size).toBe(1);
    await drained(executor);
  });

  it("puts it behind them also if the agent answered before the attempt began", async () => {
    const { executor, lookups, settled, facts, itemOf, submit } = setUp({ concurrency: 1 });
    const answered = itemOf("answered", 1);
    answered.conversation.agentAt = later(answered.startedAt, 1_000);
    submit(answered);
    for (const [number, id] of ["one", "two"].entries()) submit(itemOf(id, number + 2));
    await new Promise(setImmediate);
    lookups[0]?.answer.resolve(nobody);
    await new Promise(setImmediate);
    expect(facts).toContain("enrichment.yielded");
    expect(settled).toEqual([]);
    // The unanswered ones come first, then the other, as a rule from the cache.
    for (const next of [1, 2, 3]) {
      lookups[next]?.answer.resolve(nobody);
      await new Promise(setImmediate);
    }
    expect(settled.map(({ id }) => id)).toEqual(["one", "two", "answered"]);
    await drained(executor);
  });
});

describe("a customer who leaves", () => {
  it("is removed from the backlog at once, and costs no lookup", async () => {
    const { executor, settled, facts, lookups, itemOf, submit, answerAll } = setUp();
    const items = ["a", "b", "gone"].map((id, number) => itemOf(id, number));
    for (const item of items) submit(item);
    expect(facts).toContain("backlog.joined");
    const [, , gone] = items;
    if (gone === undefined) throw new Error("three items were made");
    gone.session.endedAt = later(gone.startedAt, 1_000);
    executor.cancel(gone.session);
    await answerAll();
    expect(lookups).toHaveLength(2);
    expect(settled).toContainEqual({ id: "gone", how: "delete" });
    await drained(executor);
  });

  it("aborts the lookup that is in progress, and nobody else's", async () => {
    const { executor, settled, facts, lookups, itemOf, submit } = setUp();
    const [gone, other] = [itemOf("gone", 0), itemOf("other", 1)];
    submit(gone);
    submit(other);
    await new Promise(setImmediate);
    gone.session.endedAt = later(gone.startedAt, 1_000);
    executor.cancel(gone.session);
    await new Promise(setImmediate);
    expect(settled).toEqual([{ id: "gone", how: "delete" }]);
    expect(facts).toContain("enrichment.expired");
    lookups[1]?.answer.resolve(nobody);
    await new Promise(setImmediate);
    expect(settled).toContainEqual({ id: "other", how: "delete" });
    expect(facts).toContain("enrichment.written");
    await drained(executor);
  });
});

describe("a drain", () => {
  it("requeues what waits, what fails meanwhile, and what comes too late", async () => {
    const { executor, settled, facts, lookups, itemOf, submit } = setUp();
    for (const [number, id] of ["a", "b", "c"].entries()) submit(itemOf(id, number));
    await new Promise(setImmediate);
    const drain = drained(executor);
    submit(itemOf("late", 4));
    for (const { answer } of lookups) answer.reject(oracleFailure());
    expect(await drain).toBe(4);
    expect(facts.filter((fact) => fact === "backlog.given_back")).toHaveLength(4);
    expect(settled.map(({ id, how }) => `${id} ${how}`).toSorted()).toEqual([
      "a requeue",
      "b requeue",
      "c requeue",
      "late requeue",
    ]);
  });
});

/** Aborts what is in progress at once. */
function drained(executor: Executor): Promise<number> {
  return executor.drain(1);
}
