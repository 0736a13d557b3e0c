import { expect, it } from "vitest";
import { sampleContact } from "../../../src/sandbox/samples/sample-conversations.ts";
import { sampleBody } from "../../support/events.ts";
import { startWorld, type World } from "../../support/world.ts";

const STATION = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
const ADA = "tel:+15550199999";
const MARY = "tel:+15550100006";
const leg = sampleBody("customer-start-consult-leg");
const legIds = JSON.parse(leg).detail.eventBody;

/** Sends a start whose participant Genesys knows. */
async function start(world: World, body: string): Promise<void> {
  world.sandbox.genesys.addConversation(JSON.parse(body).detail.eventBody);
  await world.send(body);
}
/** Resolves when the leg is acknowledged. */
const leftAlone = ({ worker }: World) =>
  worker.line((line) => line.fact === "event.acknowledged" && line.because === "third_party");
const patchedIn = ({ sandbox }: World, participantId: string) =>
  sandbox.genesys.calls.filter(
    (call) => call.kind === "patch" && call.participantId === participantId,
  ).length;
const statusOf = ({ sandbox }: World, conversationId: string, participantId: string) =>
  sandbox.genesys.attributesOf(conversationId, participantId)?.oracle_status;

it("a consult among a hundred good conversations costs no request to Oracle and no PATCH", async () => {
  const world = await startWorld();
  await start(world, sampleBody("customer-start-voice"));
  await world.fact("enrichment.written", legIds.conversationId);
  const { search, cases } = world.sandbox.oracle.counts;
  const ids = Array.from({ length: 99 }, (_, index) => `good-${index}`);
  for (const [index, conversationId] of ids.entries()) {
    if (index === 50) await start(world, leg);
    await start(world, sampleBody("customer-start-voice", { conversationId }));
  }
  for (const id of ids) await world.sandbox.genesys.nextPatch(id);
  await leftAlone(world);
  expect(await world.fact("participant.judged", "good-0")).toMatchObject({ part: "came_in" });
  expect(world.sandbox.oracle.counts).toMatchObject({ search, cases });
  expect(world.sandbox.genesys.counts.patch).toBe(100);
  expect(patchedIn(world, legIds.participantId)).toBe(0);
});

it("a leg in progress is not written if the caller's start arrives late", async () => {
  const world = await startWorld({ oracleLatencyMs: () => 1_000 });
  await start(world, leg);
  await world.sandbox.oracle.waitFor(({ kind }) => kind === "search");
  await start(world, sampleBody("customer-start-voice"));
  await leftAlone(world);
  await world.fact("enrichment.written", legIds.conversationId);
  expect(patchedIn(world, legIds.participantId)).toBe(0);
});

it("a second customer who comes in gets a history of their own", async () => {
  const world = await startWorld();
  const ids = { conversationId: "two", sessionId: "s1" };
  await start(
    world,
    sampleBody("customer-start-voice", { ...ids, participantId: "ada", ani: ADA }),
  );
  await world.sandbox.genesys.nextPatch("two");
  const second = { conversationId: "two", sessionId: "s2", participantId: "mary", ani: MARY };
  await start(world, sampleBody("customer-start-voice", second));
  await world.sandbox.genesys.nextPatch("two", { count: 2 });
  expect(world.sandbox.genesys.attributesOf("two", "ada")).toMatchObject({
    oracle_customer_id: "CUST-1001",
  });
  expect(statusOf(world, "two", "mary")).toBe("found");
  expect(world.sandbox.genesys.attributesOf("two", "mary")?.oracle_customer_id).not.toBe(
    "CUST-1001",
  );
});

it("a campaign's next try and the call of a callback find the person who is called", async () => {
  const world = await startWorld();
  const dial = { direction: "OUTBOUND", ani: "tel:+18005550123", addressFrom: undefined };
  const first = { ...dial, conversationId: "campaign", participantId: "try1", sessionId: "t1" };
  const now = Date.now();
  await start(
    world,
    sampleBody("customer-start-voice", {
      ...first,
      dnis: "tel:+15550100042",
      eventTime: now - 9_000,
    }),
  );
  await world.sandbox.genesys.nextPatch("campaign");
  await world.send(sampleBody("customer-end-voice", { ...first, eventTime: now - 5_000 }));
  await world.fact("event.acknowledged", "campaign");
  const next = { ...first, participantId: "try2", sessionId: "t2", dnis: ADA, eventTime: now };
  await start(world, sampleBody("customer-start-voice", next));
  await world.sandbox.genesys.nextPatch("campaign", { count: 2 });
  expect(statusOf(world, "campaign", "try2")).toBe("found");

  const asked = { conversationId: "callback", participantId: "asked", sessionId: "c1" };
  await start(world, sampleBody("customer-start-callback", asked));
  await world.sandbox.genesys.nextPatch("callback");
  const back = { conversationId: "callback", participantId: "called", sessionId: "c2" };
  const dialled = { direction: "OUTBOUND", ani: STATION, addressFrom: STATION, dnis: ADA };
  await start(world, sampleBody("customer-start-voice", { ...back, ...dialled, addressTo: ADA }));
  await world.sandbox.genesys.nextPatch("callback", { count: 2 });
  expect(statusOf(world, "callback", "called")).toBe("found");
});

it("a withheld caller is anonymous if only the conversation has a contact", async () => {
  const world = await startWorld();
  const list = { conversationExternalContactIds: [sampleContact.id] };
  world.sandbox.genesys.addContact(sampleContact);
  const body = sampleBody("customer-start-voice-withheld", list);
  const { conversationId, participantId } = JSON.parse(body).detail.eventBody;
  await start(world, body);
  await world.sandbox.genesys.nextPatch(conversationId);
  expect(statusOf(world, conversationId, participantId)).toBe("anonymous");
  expect(world.sandbox.genesys.counts.contact).toBe(0);
});
