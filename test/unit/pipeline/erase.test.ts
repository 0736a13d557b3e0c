import { describe, expect, it } from "vitest";
import { isCustomerEvent, recordEvent } from "../../../src/domain/conversation/route.ts";
import { readEvent } from "../../../src/domain/event/read-event.ts";
import { Failure } from "../../../src/domain/failure.ts";
import { epochMs, after as later, monotonicMs } from "../../../src/domain/time.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createEraser } from "../../../src/pipeline/erase.ts";
import { sampleBody } from "../../support/events.ts";

const AFTER_MS = 10 * 60_000;

function read(body: string) {
  const event = readEvent(body);
  if (event instanceof Failure || !isCustomerEvent(event)) throw new TypeError("no customer event");
  return event;
}

function setUp(outcome: () => Promise<void> = () => Promise.resolve()) {
  const event = read(sampleBody("customer-end-voice"));
  const store = createConversationStore(undefined);
  const session = store.session(event.body);
  recordEvent(event, session);
  const written: string[] = [];
  const facts: string[] = [];
  let now = event.happenedAt;
  const eraser = createEraser({
    plan: { values: { oracle_summary: "" }, afterMs: AFTER_MS },
    writeAttributes(_, values) {
      written.push(JSON.stringify(values));
      return outcome();
    },
    store,
    report: (fact) => facts.push(fact),
    clocks: { epochNow: () => now, eventNow: () => now, monotonicNow: () => monotonicMs(0) },
    random: () => 0.5,
  });
  return {
    ...{ eraser, store, session, event, written, facts },
    end: () => eraser.ended(event, session),
    pass: (ms: number) => {
      now = later(now, ms);
    },
  };
}

it("the queue keeps the end until wrap-up is over; then what was written is erased", async () => {
  const { end, pass, written, facts, session } = setUp();
  pass(1000);
  expect(await end()).toEqual({ do: "requeue", delayMs: AFTER_MS - 1000 });
  expect(written).toEqual([]);
  pass(AFTER_MS);
  expect(await end()).toEqual({ do: "delete" });
  expect(written).toEqual(['{"oracle_summary":""}']);
  expect(facts).toEqual(["attributes.emptied", "event.acknowledged"]);
  // A later session of the participant must not count on what was erased.
  expect(session.erasedAt).toBeGreaterThan(session.endedAt ?? 0);
});

it("no request is made if nothing of a person was written", async () => {
  const { end, pass, written, session } = setUp();
  session.written = { status: "not_found", at: epochMs(1) };
  pass(AFTER_MS);
  expect(await end()).toEqual({ do: "delete" });
  expect(written).toEqual([]);
});

it("several customers of one organisation are erased, and what another session of the participant wrote", async () => {
  const first = setUp();
  first.session.written = { status: "ambiguous", at: epochMs(1) };
  first.pass(AFTER_MS);
  await first.end();
  expect(first.written).toHaveLength(1);

  const second = setUp();
  const { participantId, conversationId } = second.event.body;
  second.session.written = { status: "anonymous", at: epochMs(2) };
  // What was found by a reference before the start was seen belongs to no session.
  const collected = second.store.session({ conversationId, participantId });
  collected.written = { status: "found", at: epochMs(1), matchedBy: "reference" };
  second.pass(AFTER_MS);
  await second.end();
  expect(second.written).toHaveLength(1);
});

it("a participant who is still there in another session keeps the attributes", async () => {
  const { end, pass, written, store, event } = setUp();
  const { conversationId } = event.body;
  const start = read(sampleBody("customer-start-voice", { conversationId, sessionId: "another" }));
  recordEvent(start, store.session({ ...start.body, participantId: event.body.participantId }));
  pass(AFTER_MS);
  expect(await end()).toEqual({ do: "delete" });
  expect(written).toEqual([]);
});

describe("a party that an agent called while a customer was there", () => {
  function callers(started: ReturnType<typeof setUp>) {
    const { store, session, event } = started;
    session.origin = "dialled_by_agent";
    session.startedAt = epochMs(event.happenedAt - 1_000);
    const ids = { participantId: "caller", sessionId: "caller", eventTime: 1 };
    const start = read(sampleBody("customer-start-voice", { ...event.body, ...ids }));
    recordEvent(start, store.session(start.body));
    return started;
  }

  it("costs no request if nothing was written to it", async () => {
    const { end, pass, written } = callers(setUp());
    pass(AFTER_MS);
    expect(await end()).toEqual({ do: "delete" });
    expect(written).toEqual([]);
  });

  it("is erased if it was written before the customer was known", async () => {
    const { end, pass, written, session } = callers(setUp());
    session.written = { status: "found", at: epochMs(1) };
    pass(AFTER_MS);
    expect(await end()).toEqual({ do: "delete" });
    expect(written).toHaveLength(1);
  });
});

const failure = (kind: "retryable" | "permanent") =>
  new Failure({
    kind,
    code: "bad_request",
    source: "genesys",
    message: "refused",
    cure: "none",
  });

it.each([
  ["retryable", { do: "requeue", delayMs: 450_000 }],
  ["permanent", { do: "delete" }],
] as const)("a %s failure: %j", async (kind, outcome) => {
  const { end, pass, facts } = setUp(() => Promise.reject(failure(kind)));
  pass(AFTER_MS);
  expect(await end()).toEqual(outcome);
  expect(facts).toContain("attributes.not_emptied");
});

it("a worker that stops requeues the end", async () => {
  const { end, pass, eraser } = setUp(() => Promise.reject(failure("retryable")));
  pass(AFTER_MS);
  eraser.stop();
  expect(await end()).toEqual({ do: "requeue", delayMs: 0 });
});
