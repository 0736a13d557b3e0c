import { expect, it } from "vitest";
import type { FleetMemory } from "../../../src/domain/conversation/fleet-memory.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createDesk } from "../../../src/pipeline/dispatcher.ts";
import { sampleBody } from "../../support/events.ts";

function setUp(fleet?: FleetMemory) {
  const ledger = createConversationStore(fleet);
  const happened: string[] = [];
  const desk = createDesk({
    ledger,
    report: () => undefined,
    statusAttribute: "oracle_status",
    acknowledge: ({ messageId }) => happened.push(`${messageId} acknowledged`),
    deadLetter: ({ messageId }) => happened.push(`${messageId} dead letter`),
    enrich({ messageId }, _, session) {
      session.ownerMessageId = messageId;
      happened.push(`${messageId} enriched`);
    },
    cancel: () => undefined,
    ended: ({ messageId }) => happened.push(`${messageId} ended`),
    answered: () => undefined,
    warm: () => happened.push("warmed"),
    slowGenesys: () => happened.push("slowed"),
  });
  const receive = (messageId: string, body: string) =>
    desk({ messageId, body, receiptHandle: "r", sentAt: 0, receiveCount: 1 });
  return { receive, happened };
}

it("a duplicate that is deleted does not take its twin along when that comes back", async () => {
  const { receive, happened } = setUp();
  const start = sampleBody("customer-start-voice");
  await receive("first", start);
  await receive("twin", start);
  // Its try failed, it waited in the queue.
  await receive("first", start);
  expect(happened).toEqual(["first enriched", "twin acknowledged", "first enriched"]);
});

it("a duplicate that carries the session in the eyes of the fleet is kept, for its twin will yield to it", async () => {
  const start = sampleBody("customer-start-voice");
  // A worker that was killed had begun with the twin.
  const { receive, happened } = setUp({
    exchange: (_, { session }) =>
      Promise.resolve({
        agentAt: undefined,
        sessions: new Map(
          session === undefined ? [] : [[session.key, { ...session.news, claimedBy: "twin" }]],
        ),
      }),
  });
  await receive("first", start);
  await receive("twin", start);
  expect(happened).toEqual(["first enriched", "twin enriched"]);
});

it("an event that needs no work is noted once, however often it comes", async () => {
  const { receive, happened } = setUp();
  const signIn = sampleBody("user-tokens");
  await receive("a", signIn);
  await receive("b", signIn);
  expect(happened).toEqual(["warmed", "a acknowledged", "b acknowledged"]);
});
