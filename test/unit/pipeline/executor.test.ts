import { describe, expect, it } from "vitest";
import { isCustomerEvent } from "../../../src/domain/conversation/route.ts";
import { readEvent } from "../../../src/domain/event/read-event.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { DatedHistory } from "../../../src/domain/history/history-store.ts";
import { epochMs } from "../../../src/domain/time.ts";
import type { FactName } from "../../../src/observability/facts/facts.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createHands, type Hands } from "../../../src/pipeline/executor.ts";
import type { Try, Work } from "../../../src/pipeline/work-item.ts";
import { abortedFailure } from "../../../src/resilience/http/client.ts";
import { sampleBody } from "../../support/events.ts";

const ENDLESS = Number.POSITIVE_INFINITY;
const nobody: DatedHistory = { history: { match: "not_found" }, asOf: epochMs(0), cached: false };

/** Hands whose every edge is in the test's hands. */
function setUp({ places = 2 } = {}) {
  const ledger = createConversationStore(undefined);
  const facts: FactName[] = [];
  const looked: { number: string; answer: PromiseWithResolvers<DatedHistory> }[] = [];
  const left: { id: string; how: string; delayMs?: number }[] = [];
  const how =
    (name: string) =>
    (work: Work, delayMs?: unknown): Promise<void> => {
      const id = work.event.body.conversationId;
      left.push({ id, how: name, ...(typeof delayMs === "number" ? { delayMs } : {}) });
      return Promise.resolve();
    };
  const hands: Hands = createHands({
    tools: {
      history: {
        find(identity, { signal }) {
          const answer = Promise.withResolvers<DatedHistory>();
          signal.addEventListener("abort", () =>
            answer.reject(abortedFailure("oracle", "a lookup")),
          );
          looked.push({ number: identity.kind === "phone" ? identity.number : "", answer });
          return answer.promise;
        },
      },
      contacts: { find: () => Promise.resolve(undefined) },
      attributes: { write: () => Promise.resolve() },
      summary: {
        prefix: "oracle_",
        language: "en",
        includeCustomerName: false,
        caseUrlTemplate: undefined,
        panelLabels: undefined,
      },
      defaultRegion: "US",
      now: Date.now,
    },
    ledger,
    report: (name) => facts.push(name),
    shadow: false,
    supplies: {
      of: () => ({
        genesys: { perMinute: ENDLESS, free: ENDLESS, freeNow: ENDLESS, pausedForMs: 0 },
        oracle: { perMinute: ENDLESS, free: ENDLESS, freeNow: ENDLESS, pausedForMs: 0 },
      }),
      oracleConcurrency: places,
      oracleRequests: 1,
    },
    eventNow: Date.now,
    random: () => 0,
    done: how("done"),
    later: how("later"),
    deadLetter: how("dead letter"),
  });

  function workOn(conversationId: string, number: number): Try {
    const ani = `tel:+1555019${String(number).padStart(4, "0")}`;
    const body = sampleBody("customer-start-voice", { conversationId, ani });
    const event = readEvent(body);
    if (event instanceof Failure || !isCustomerEvent(event)) throw new Error("no customer's event");
    const session = ledger.session(event.body);
    session.ownerMessageId = conversationId;
    const message = {
      messageId: conversationId,
      receiptHandle: "r",
      body,
      sentAt: Date.now(),
      receiveCount: 1,
    };
    return {
      message,
      event,
      session,
      conversation: ledger.conversation(event.body.conversationId),
      attempt: 1,
      admittedAt: 0,
      notBefore: 0,
      failed: undefined,
      owesUnavailable: false,
    };
  }
  /** Looks one up after the other, until nobody waits. */
  async function serveAll(): Promise<void> {
    await new Promise(setImmediate);
    for (let next = 0; next < looked.length; next += 1) {
      looked[next]?.answer.resolve(nobody);
      await new Promise(setImmediate);
    }
  }
  return { hands, ledger, facts, looked, left, workOn, serveAll };
}

describe("a full backlog", () => {
  it("gives the least useful back for a while, and takes the new one", async () => {
    const { hands, left, facts, workOn } = setUp();
    for (let number = 0; number < 5_002; number += 1) hands.take(workOn(`c${number}`, number));
    expect(hands.inHand).toBe(2);
    expect(hands.waiting).toBe(5_000);
    expect(left).toEqual([]);
    hands.take(workOn("one-more", 9_999));
    expect(hands.waiting).toBe(5_000);
    expect(left).toEqual([{ id: expect.stringMatching(/^c\d/), how: "later", delayMs: 120_000 }]);
    expect(facts).toContain("backlog.made_room");
    expect(await drained(hands)).toBeGreaterThanOrEqual(5_000);
  });
});

describe("an agent who answers while a conversation waits", () => {
  it("lets those go first who have none", async () => {
    const { hands, ledger, looked, workOn, serveAll } = setUp();
    for (const [number, id] of ["a", "b", "answered", "d"].entries())
      hands.take(workOn(id, number));
    const { conversation, event } = workOn("answered", 2);
    conversation.agentAt = Date.now() + 1_000;
    hands.answered(event.body.conversationId);
    await serveAll();
    expect(looked.map(({ number }) => number.at(-1))).toEqual(["0", "1", "3", "2"]);
    expect(ledger.conversation(event.body.conversationId).sessions.size).toBe(1);
    await drained(hands);
  });

  it("lets those go first who have none also where the agent was there before the try began", async () => {
    const { hands, looked, left, facts, workOn } = setUp({ places: 1 });
    const answered = workOn("answered", 1);
    answered.conversation.agentAt = Date.now() + 1_000;
    hands.take(answered);
    for (const [number, id] of ["one", "two"].entries()) hands.take(workOn(id, number + 2));
    await new Promise(setImmediate);
    looked[0]?.answer.resolve(nobody);
    await new Promise(setImmediate);
    expect(facts).toContain("enrichment.yielded");
    expect(left).toEqual([]);
    // Those who ring are served, then the other, out of the cache as a rule.
    for (const next of [1, 2, 3]) {
      looked[next]?.answer.resolve(nobody);
      await new Promise(setImmediate);
    }
    expect(left.map(({ id }) => id)).toEqual(["one", "two", "answered"]);
  });
});

describe("a customer who leaves", () => {
  it("is dropped from the backlog at once, and costs no lookup", async () => {
    const { hands, left, facts, looked, workOn, serveAll } = setUp();
    const gone = ["a", "b", "gone"].map((id, number) => workOn(id, number));
    for (const one of gone) hands.take(one);
    expect(facts).toContain("backlog.joined");
    const last = gone[2];
    if (last === undefined) throw new Error("three were made");
    last.session.endedAt = Date.now() + 1_000;
    hands.cancel(last.session);
    await serveAll();
    expect(looked).toHaveLength(2);
    expect(left).toContainEqual({ id: "gone", how: "done" });
    await drained(hands);
  });
});

describe("a drain", () => {
  it("gives back what waits, what fails meanwhile, and what comes too late", async () => {
    const { hands, left, facts, looked, workOn } = setUp();
    for (const [number, id] of ["a", "b", "c"].entries()) hands.take(workOn(id, number));
    await new Promise(setImmediate);
    const drain = drained(hands);
    hands.take(workOn("late", 4));
    for (const { answer } of looked) {
      answer.reject(
        new Failure({
          kind: "retryable",
          code: "server_error",
          source: "oracle",
          message: "503",
          cure: "",
        }),
      );
    }
    expect(await drain).toBe(4);
    expect(facts.filter((fact) => fact === "backlog.given_back")).toHaveLength(4);
    expect(left.map(({ id, how: way }) => `${id} ${way}`).toSorted()).toEqual([
      "a later",
      "b later",
      "c later",
      "late later",
    ]);
  });
});

/** Ends what is in hand at once. */
function drained(hands: Hands): Promise<number> {
  return hands.drain(1);
}
