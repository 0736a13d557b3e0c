import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contactId } from "../../../../src/domain/event/ids.ts";
import {
  contactOf,
  type GenesysEvent,
  readEvent,
} from "../../../../src/domain/event/read-event.ts";
import { Failure } from "../../../../src/domain/failure.ts";
import { sampleBody, sampleNames } from "../../../support/events.ts";

function read(body: string): GenesysEvent {
  const event = readEvent(body);
  if (event instanceof Failure) throw event;
  return event;
}

function refusal(body: string): Failure {
  const failure = readEvent(body);
  if (!(failure instanceof Failure)) throw new Error("the event was accepted");
  return failure;
}

describe("the sample events", () => {
  const types: Record<string, GenesysEvent["type"]> = {
    "acd-start-voice": "other",
    "attributes-voice": "attributes",
    "contact-message-web": "contact",
    "customer-end-voice": "customerEnd",
    "operations-event": "operations",
    "user-start-voice": "userStart",
    "user-tokens": "userTokens",
  };
  it.each(sampleNames)("%s is read", (name) => {
    const event = read(sampleBody(name));
    expect(event.type).toBe(types[name] ?? "customerStart");
    expect(event.happenedAt).toBeGreaterThan(Date.parse("2026-01-02T00:00:00Z"));
  });

  it("have the template as their topic, and Genesys' own time", () => {
    const event = read(sampleBody("customer-start-voice", { eventTime: 1767323045512 }));
    expect(event).toMatchObject({
      topic: "v2.detail.events.conversation.{id}.customer.start",
      happenedAt: 1767323045512,
      envelopeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      correlationId: "ab438c1d-5df9-56df-9fe2-05917ec7db71",
    });
  });
});

describe("what Genesys may add or leave out", () => {
  it("accepts unknown fields, media types and directions", () => {
    const body = { mediaType: "HOLOGRAM", direction: "SIDEWAYS", somethingNew: { deep: [1] } };
    const event = read(sampleBody("customer-start-voice", body));
    expect(event).toMatchObject({ body: { mediaType: "HOLOGRAM", direction: "SIDEWAYS" } });
    expect(event).not.toHaveProperty("body.somethingNew");
  });

  it("treats an optional field of a wrong type as missing", () => {
    const event = read(sampleBody("customer-start-voice", { ani: 42, callbackNumbers: "x" }));
    expect(event).toMatchObject({ body: { ani: undefined, callbackNumbers: undefined } });
  });

  it("leaves out an attribute that is not a text, and keeps the others", () => {
    const attributes = { oracle_status: "found", odd: null, number: 7, list: [], deep: { a: "b" } };
    const event = read(sampleBody("attributes-voice", { attributes }));
    expect(event).toMatchObject({ body: { attributes: { oracle_status: "found" } } });
    expect(event).toHaveProperty("body.attributes", { oracle_status: "found" });
    for (const wrong of [null, "x", 7, undefined]) {
      const empty = read(sampleBody("attributes-voice", { attributes: wrong }));
      expect(empty).toHaveProperty("body.attributes", {});
    }
  });

  it("takes no contact of the conversation's list, which may be somebody else's", () => {
    const body = { conversationExternalContactIds: ["c4770c78-9fb0-5760-9c44-aeb6debdd8ae"] };
    const event = read(sampleBody("customer-start-voice-withheld", body));
    if (!("body" in event) || event.type !== "customerStart") throw new TypeError(event.type);
    expect(contactOf(event.body)).toBeUndefined();
    expect(contactOf({ ...event.body, externalContactId: contactId.parse("own") })).toBe("own");
  });

  it("uses the time of sending if eventTime is missing", () => {
    const event = read(sampleBody("customer-start-voice", { eventTime: undefined }));
    expect(event.happenedAt).toBe(Date.parse("2026-01-02T03:04:05.678Z"));
  });
});

describe("an event without a conversation", () => {
  it("has no field that identifies the token of a sign-in", () => {
    const event = read(sampleBody("user-tokens"));
    expect(event).toMatchObject({ body: { user: { id: "32d46caa-adce-5e2b-94aa-7b9fb6c3da25" } } });
    expect(JSON.stringify(event)).not.toMatch(/3f8c0d6a|Agent Example|7cb85f13/);
  });

  it("has the codes of an operations event, and no other text", () => {
    const event = read(sampleBody("operations-event", { errorCode: "call +1 555 0199999 <b>" }));
    expect(event).toMatchObject({
      type: "operations",
      body: { entityType: "OAUTH_CLIENT", currentValue: "RATE_LIMITED", errorCode: undefined },
    });
  });
});

describe("a body that cannot be processed", () => {
  it.each(["conversationId", "participantId"])(
    "is refused with the name of a missing %s",
    (field) => {
      const failure = refusal(sampleBody("customer-start-voice", { [field]: undefined }));
      expect(failure).toMatchObject({ kind: "permanent", code: "bad_event", source: "event" });
      expect(failure.message).toContain(`"${field}"`);
    },
  );

  it("is refused if an id is not safe in a URL, and the reason does not repeat it", () => {
    const failure = refusal(sampleBody("customer-start-voice", { conversationId: "../../admin" }));
    expect(failure.message).toContain("conversationId");
    expect(failure.message).not.toContain("admin");
  });

  it.each([
    ["not JSON", "<xml/>", "not JSON"],
    ["empty", "", "not JSON"],
    ["binary", "\u0000\u0001\uFFFD", "not JSON"],
    ["JSON that is not an object", "42", "not an EventBridge envelope"],
    ["null", "null", "not an EventBridge envelope"],
    ["an SNS notification", '{"Type":"Notification","Message":"{}"}', '"id"'],
    ["no detail", '{"id":"1","detail-type":"t"}', '"detail"'],
    ["no eventBody", '{"id":"1","detail-type":"t","detail":{}}', '"detail.eventBody"'],
    ["256 KB", `{"a":"${"x".repeat(262_000)}"}`, '"id"'],
  ])("is refused with the reason: %s", (_, body, why) => {
    expect(refusal(body).message).toContain(why);
  });

  it("never makes readEvent throw", () => {
    const json = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .json()
        .map(
          (eventBody) =>
            `{"id":"1","detail-type":"v2.detail.events.conversation.{id}.customer.start","detail":{"eventBody":${eventBody}}}`,
        ),
    );
    fc.assert(
      fc.property(json, (body) => {
        readEvent(body);
      }),
      { numRuns: 2_000 },
    );
  });
});
