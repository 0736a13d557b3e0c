import { describe, expect, it } from "vitest";
import type { FleetMemory } from "../../../src/domain/conversation/fleet-memory.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createDispatcher } from "../../../src/pipeline/dispatcher.ts";
import { sampleBody } from "../../support/events.ts";

function setUp(fleet?: FleetMemory) {
  const happened: string[] = [];
  const judged: unknown[] = [];
  const dispatch = createDispatcher({
    store: createConversationStore(fleet),
    report(fact, fields) {
      if (fact === "participant.judged") judged.push(fields);
    },
    attributePrefix: "oracle_",
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
  return { receive, happened, judged };
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

describe("a leg that an agent dials", () => {
  const caller = sampleBody("customer-start-voice");
  const leg = sampleBody("customer-start-consult-leg");
  const legParticipant = JSON.parse(leg).detail.eventBody.participantId;

  it("is acknowledged while the caller is there, and the log names it", async () => {
    const { receive, judged } = setUp();
    expect(await receive("a", caller)).toBe("enrich");
    expect(await receive("b", leg)).toBe("third_party");
    expect(judged).toMatchObject([{ participantId: legParticipant, part: "third_party" }]);
  });

  it("is acknowledged if another worker saw the caller", async () => {
    const { conversationId: _, participantId, ...rest } = JSON.parse(caller).detail.eventBody;
    const key = `${participantId}/${rest.sessionId}` as const;
    const session = { origin: "came_in", firstAt: epochMs(1), startedAt: epochMs(1) } as const;
    const { receive } = setUp({
      exchange: () => Promise.resolve({ agentAt: undefined, sessions: new Map([[key, session]]) }),
    });
    expect(await receive("a", leg)).toBe("third_party");
  });

  it("is enriched if this worker did not see the caller", async () => {
    expect(await setUp().receive("a", leg)).toBe("enrich");
  });
});

it("a second customer who comes in is enriched too", async () => {
  const { receive } = setUp();
  expect(await receive("a", sampleBody("customer-start-voice"))).toBe("enrich");
  const ids = { participantId: "second", sessionId: "second" };
  expect(await receive("b", sampleBody("customer-start-voice", ids))).toBe("enrich");
});
