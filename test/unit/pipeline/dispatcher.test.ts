import { expect, it } from "vitest";
import type { FleetMemory } from "../../../src/domain/conversation/fleet-memory.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createDispatcher } from "../../../src/pipeline/dispatcher.ts";
import { sampleBody } from "../../support/events.ts";

function setUp(fleet?: FleetMemory) {
  const happened: string[] = [];
  const dispatch = createDispatcher({
    store: createConversationStore(fleet),
    report: () => undefined,
    statusAttribute: "oracle_status",
    referenceAttribute: "customer_reference",
    agentConnected: () => happened.push("answered"),
    warm: () => happened.push("warmed"),
    slowGenesys: () => happened.push("slowed"),
  });
  async function receive(messageId: string, body: string): Promise<string> {
    const sentAt = epochMs(0);
    const message = { messageId, body, receiptHandle: "r", sentAt, receiveCount: 1 };
    const dispatched = await dispatch(message);
    return dispatched.do === "acknowledge" ? dispatched.because : dispatched.do;
  }
  return { receive, happened };
}

it("a duplicate that is deleted does not end the message that owns the enrichment", async () => {
  const { receive } = setUp();
  const start = sampleBody("customer-start-voice");
  expect(await receive("first", start)).toBe("enrich");
  expect(await receive("duplicate", start)).toBe("owned_by_other_message");
  // Its attempt failed, it waited in the queue.
  expect(await receive("first", start)).toBe("enrich");
});

it("a duplicate that owns the session in the fleet is kept: the other message will yield to it", async () => {
  const start = sampleBody("customer-start-voice");
  // A worker that was killed had claimed the session with the duplicate.
  const { receive } = setUp({
    exchange: (_, { session }) =>
      Promise.resolve({
        agentAt: undefined,
        sessions: new Map(
          session === undefined ? [] : [[session.key, { ...session.news, claimedBy: "duplicate" }]],
        ),
      }),
  });
  expect(await receive("first", start)).toBe("enrich");
  expect(await receive("duplicate", start)).toBe("enrich");
});

it("an event that needs no work is recorded once, however often it is received", async () => {
  const { receive, happened } = setUp();
  const signIn = sampleBody("user-tokens");
  expect(await receive("a", signIn)).toBe("recorded");
  expect(await receive("b", signIn)).toBe("duplicate_event");
  expect(happened).toEqual(["warmed"]);
});

it("an agent who connects is reported to the executor", async () => {
  const { receive, happened } = setUp();
  expect(await receive("a", sampleBody("user-start-voice"))).toBe("recorded");
  expect(happened).toEqual(["answered"]);
});

it("an end ends its session", async () => {
  const { receive } = setUp();
  expect(await receive("a", sampleBody("customer-end-voice"))).toBe("end");
});

it("a body that holds no event is a dead letter, and others are dispatched all the same", async () => {
  const { receive } = setUp();
  expect(await receive("bad", "{")).toBe("dead_letter");
  expect(await receive("good", sampleBody("customer-start-voice"))).toBe("enrich");
});
