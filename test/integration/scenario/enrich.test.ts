import { describe, expect, it } from "vitest";
import { sampleContact } from "../../../src/sandbox/samples/sample-conversations.ts";
import { sampleBody } from "../../support/events.ts";
import { startWorld, type World } from "../../support/world.ts";

/** The ids that the sample events name. */
function idsOf(body: string): { conversationId: string; participantId: string } {
  return JSON.parse(body).detail.eventBody;
}

/** Sends a sample event, known to Genesys, and waits until its work is settled. */
async function enrich(world: World, name: string, change: Record<string, unknown> = {}) {
  const body = sampleBody(name, change);
  const ids = idsOf(body);
  world.sandbox.genesys.addConversation(ids);
  await world.send(body);
  await world.sandbox.genesys.nextPatch(ids.conversationId);
  return {
    ...ids,
    attributes: world.sandbox.genesys.attributesOf(ids.conversationId, ids.participantId) ?? {},
  };
}

describe("the real worker, over SQS and HTTP", () => {
  it("writes the right status for every sample that starts a conversation", async () => {
    const world = await startWorld({ environment: { DEFAULT_PHONE_REGION: "US" } });
    const expected = {
      "customer-start-voice": "found",
      "customer-start-voice-sip": "found",
      "customer-start-voice-outbound": "ambiguous",
      "customer-start-voice-withheld": "anonymous",
      "customer-start-voice-internal": "anonymous",
      "customer-start-callback": "found",
      "customer-start-email": "found",
      "customer-start-message-sms": "found",
      "customer-start-message-whatsapp": "found",
      "customer-start-message-web": "found",
      "customer-start-unknown-media": "found",
    };
    for (const [name, status] of Object.entries(expected)) {
      const { attributes } = await enrich(world, name);
      expect(attributes.oracle_status, name).toBe(status);
    }
    const { counts } = world.sandbox.genesys;
    expect(counts).toMatchObject({ patch: 11, contact: 1, conversation: 0, token: 1 });
    expect(world.sandbox.oracle.counts.token).toBe(1);
  });

  it("works from PutEvents to the attributes and their confirmation", async () => {
    const world = await startWorld();
    const ids = { conversationId: "whole-way", participantId: "customer", sessionId: "s1" };
    world.sandbox.genesys.addConversation(ids);
    const start = { ...ids, eventTime: Date.now(), mediaType: "VOICE", direction: "INBOUND" };
    await world.sandbox.publish("customerStart", { ...start, ani: "tel:+15550199999" });
    expect(await world.fact("enrichment.written", "whole-way")).toMatchObject({
      status: "found",
      identifiedBy: "phone",
      attempt: 1,
      cached: false,
    });
    await world.fact("write.confirmed", "whole-way");
    await world.sandbox.publish("userStart", {
      ...start,
      eventTime: Date.now(),
      participantId: "a",
    });
    await world.fact("headstart.measured", "whole-way");
    expect(world.sandbox.genesys.attributesOf("whole-way", "customer")).toMatchObject({
      oracle_status: "found",
      oracle_customer_id: "CUST-1001",
      oracle_open_cases: "2",
      oracle_summary: expect.stringContaining("2 open cases"),
    });
  });

  it("costs one PATCH and two Oracle requests, none of them for a repeat caller", async () => {
    const world = await startWorld();
    await enrich(world, "customer-start-voice");
    expect(world.sandbox.oracle.counts).toMatchObject({ search: 1, cases: 1 });
    await enrich(world, "customer-start-voice", { conversationId: "again" });
    expect(world.sandbox.oracle.counts).toMatchObject({ search: 1, cases: 1 });
    expect(world.sandbox.genesys.counts).toMatchObject({ patch: 2, conversation: 0 });
  });

  it("pages through the cases, newest first, up to the configured number", async () => {
    const world = await startWorld({ environment: { ORACLE_CASES: "30" } });
    const { attributes } = await enrich(world, "customer-start-voice-sip");
    expect(world.sandbox.oracle.counts.cases).toBe(2);
    expect(attributes.oracle_open_cases).toBe("23");
    expect(attributes.oracle_last_case).toContain("Delivery 1 is late");
  });

  it("counts and acknowledges topics that it does not handle", async () => {
    const world = await startWorld();
    for (const name of ["acd-start-voice", "operations-event", "user-tokens"]) {
      await world.send(sampleBody(name));
    }
    for (const topic of ["acd.start", "operations", "tokens"]) {
      await world.worker.line(
        (line) => line.fact === "event.acknowledged" && !!line.topic?.includes(topic),
      );
    }
    expect(await world.worker.stop()).toBe(0);
    expect(await world.leftOver()).toEqual([]);
  });
});

describe("what is known only after the start", () => {
  it("a contact that is found later leads to one more attempt", async () => {
    const world = await startWorld();
    const anonymous = { externalContactId: undefined, conversationExternalContactIds: [] };
    const { attributes, conversationId } = await enrich(
      world,
      "customer-start-message-web",
      anonymous,
    );
    expect(attributes.oracle_status).toBe("anonymous");
    await world.send(sampleBody("contact-message-web", { externalContactId: sampleContact.id }));
    await world.sandbox.genesys.nextPatch(conversationId, { count: 2 });
    const { participantId } = idsOf(sampleBody("customer-start-message-web"));
    expect(world.sandbox.genesys.attributesOf(conversationId, participantId)).toMatchObject({
      oracle_status: "found",
      oracle_customer_id: "CUST-1007",
    });
  });

  it("a contact that is found during the write is used", async () => {
    const world = await startWorld({ genesysLatencyMs: () => 200 });
    const none = { externalContactId: undefined, conversationExternalContactIds: [] };
    const start = sampleBody("customer-start-message-web", none);
    const { conversationId, participantId } = idsOf(start);
    world.sandbox.genesys.addConversation(idsOf(start));
    await world.send(start);
    await world.sandbox.genesys.waitFor(({ kind }) => kind === "patch");
    await world.send(sampleBody("contact-message-web", { externalContactId: sampleContact.id }));
    await world.sandbox.genesys.nextPatch(conversationId, { count: 2 });
    expect(world.sandbox.genesys.attributesOf(conversationId, participantId)).toMatchObject({
      oracle_status: "found",
    });
  });

  it("a contact costs nothing if the caller's number is enough", async () => {
    const world = await startWorld();
    const { conversationId, participantId, sessionId } = JSON.parse(
      sampleBody("customer-start-voice"),
    ).detail.eventBody;
    const ids = { conversationId, participantId, sessionId };
    await world.send(sampleBody("contact-message-web", ids));
    await world.fact("event.acknowledged", conversationId);
    const { attributes } = await enrich(world, "customer-start-voice");
    expect(attributes.oracle_status).toBe("found");
    expect(world.sandbox.genesys.counts.contact).toBe(0);
  });

  it("a failure of Oracle is reported, and the next attempt succeeds", async () => {
    const world = await startWorld();
    world.sandbox.oracle.faults.push({
      kind: "html",
      status: 503,
      // All tries of the first attempt.
      times: 3,
      match: { method: "POST", path: /search/ },
    });
    const { conversationId, participantId } = await enrich(world, "customer-start-voice");
    expect(await world.fact("enrichment.delayed")).toMatchObject({ source: "oracle", attempt: 1 });
    await world.sandbox.genesys.nextPatch(conversationId, { count: 2 });
    expect(world.sandbox.genesys.attributesOf(conversationId, participantId)).toMatchObject({
      oracle_status: "found",
    });
  });
});

describe("shadow", () => {
  it("does everything but the write, and reports what it would have written", async () => {
    const world = await startWorld({ environment: { SHADOW: "true" } });
    await world.send(sampleBody("customer-start-voice"));
    const line = await world.fact("enrichment.shadowed");
    expect(line.status).toBe("found");
    // Sizes: the values are the customer's.
    expect(line.attributes).toMatchObject({ oracle_status: 5, oracle_open_cases: 1 });
    expect(world.sandbox.genesys.counts.patch).toBe(0);
  });
});
