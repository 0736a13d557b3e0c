import { expect, it } from "vitest";
import { isCustomerEvent, recordEvent } from "../../../src/domain/conversation/route.ts";
import { readEvent } from "../../../src/domain/event/read-event.ts";
import { Failure } from "../../../src/domain/failure.ts";
import { after } from "../../../src/domain/time.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createScrub } from "../../../src/pipeline/erase.ts";
import { sampleBody } from "../../support/events.ts";

const AFTER_MS = 10 * 60_000;

function read(body: string) {
  const event = readEvent(body);
  if (event instanceof Failure || !isCustomerEvent(event))
    throw new TypeError("no customer's event");
  return event;
}

function setUp(outcome: () => Promise<void> = () => Promise.resolve()) {
  const event = read(sampleBody("customer-end-voice"));
  const ledger = createConversationStore(undefined);
  const session = ledger.session(event.body);
  recordEvent(event, session);
  const happened: string[] = [];
  const facts: string[] = [];
  let now = event.happenedAt;
  const scrub = createScrub({
    plan: { values: { oracle_summary: "" }, afterMs: AFTER_MS },
    attributes: {
      write(_, values) {
        happened.push(`wrote ${JSON.stringify(values)}`);
        return outcome();
      },
    },
    ledger,
    report: (fact) => facts.push(fact),
    now: () => now,
    eventNow: () => now,
    random: () => 0.5,
    done: async () => void happened.push("done"),
    later: async (_, delayMs) => void happened.push(`later ${delayMs}`),
  });
  const message = { messageId: "m", body: "", receiptHandle: "r", sentAt: 0, receiveCount: 1 };
  return {
    ...{ scrub, ledger, session, event, happened, facts },
    end: () => scrub.ended(message, event, session),
    pass: (ms: number) => {
      now = after(now, ms);
    },
  };
}

it("the queue keeps the end until the agent has wrapped up; then what was written is emptied", async () => {
  const { end, pass, happened, facts } = setUp();
  pass(1000);
  await end();
  pass(AFTER_MS);
  await end();
  expect(happened).toEqual([`later ${AFTER_MS - 1000}`, 'wrote {"oracle_summary":""}', "done"]);
  expect(facts).toEqual(["attributes.emptied", "event.acknowledged"]);
});

it("nothing is spent where nothing of a person was written", async () => {
  const { end, pass, happened, session } = setUp();
  session.written = { status: "not_found", at: 1 };
  pass(AFTER_MS);
  await end();
  expect(happened).toEqual(["done"]);
});

it("a participant who is still there in another session keeps the attributes", async () => {
  const { end, pass, happened, ledger, event } = setUp();
  const { conversationId } = event.body;
  const start = read(sampleBody("customer-start-voice", { conversationId, sessionId: "another" }));
  recordEvent(start, ledger.session({ ...start.body, participantId: event.body.participantId }));
  pass(AFTER_MS);
  await end();
  expect(happened).toEqual(["done"]);
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
  ["retryable", ["later 450000"]],
  ["permanent", ["done"]],
] as const)("a %s failure: %j", async (kind, ending) => {
  const { end, pass, happened, facts } = setUp(() => Promise.reject(failure(kind)));
  pass(AFTER_MS);
  await end();
  expect(happened.slice(1)).toEqual(ending);
  expect(facts).toContain("attributes.not_emptied");
});

it("a worker that stops gives the end back", async () => {
  const { end, pass, happened, scrub } = setUp(() => Promise.reject(failure("retryable")));
  pass(AFTER_MS);
  scrub.stop();
  await end();
  expect(happened.slice(1)).toEqual(["later 0"]);
});
