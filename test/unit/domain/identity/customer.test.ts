import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type IdentifyOptions,
  identify,
  identifyContact,
  type ParticipantAddresses,
} from "../../../../src/domain/identity/customer.ts";
import { type Identified, identityKey } from "../../../../src/domain/identity/identity.ts";
import { addressesOf, formOf } from "../../../../src/domain/identity/number-form.ts";
import type { PhoneRegion } from "../../../../src/domain/identity/phone.ts";

const options: IdentifyOptions = { defaultRegion: "US" };
const events = new URL("../../../fixtures/events/", import.meta.url);

/** The key of the identity, or why there is none. */
function outcome(identified: Identified): string {
  return identified.usable ? identityKey(identified.identity) : identified.why;
}

describe("the sample events", () => {
  const expected: Record<string, string> = {
    "customer-start-callback.json": "phone:+15550199999",
    "customer-start-consult-leg.json": "phone:+12125550142",
    "customer-start-email.json": "email:ada.example@example.com",
    "customer-start-message-sms.json": "phone:+15550199999",
    "customer-start-message-web.json": "opaque",
    "customer-start-message-whatsapp.json": "phone:+491701234567",
    "customer-start-unknown-media.json": "phone:+15550199999",
    "customer-start-voice-internal.json": "internal",
    "customer-start-voice-outbound.json": "phone:+4930901820",
    "customer-start-voice-sip.json": "phone:+442071838750",
    "customer-start-voice-withheld.json": "withheld",
    "customer-start-voice.json": "phone:+15550199999",
  };

  test("all have an expectation", () => {
    const samples = readdirSync(events).filter((name) => name.startsWith("customer-start"));
    expect(samples.sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))("%s is %s", (name, key) => {
    const event: { detail: { eventBody: ParticipantAddresses } } = JSON.parse(
      readFileSync(new URL(name, events), "utf8"),
    );
    expect(outcome(identify(event.detail.eventBody, options))).toBe(key);
  });
});

describe("the customer's side of each channel", () => {
  const us = "+15550199999";
  const company = "+18005550123";
  test.each<[string, ParticipantAddresses, string]>([
    ["voice, addressFrom only", { mediaType: "VOICE", addressFrom: `tel:${us}` }, `phone:${us}`],
    ["voice, lower case", { mediaType: "voice", direction: "inbound", ani: us }, `phone:${us}`],
    [
      "voice, direction unknown",
      { mediaType: "VOICE", direction: "NEW", ani: us, dnis: company },
      `phone:${us}`,
    ],
    [
      "voice outbound, addressTo only",
      { mediaType: "VOICE", direction: "OUTBOUND", ani: company, addressTo: us },
      `phone:${us}`,
    ],
    ["voice, one field opaque", { mediaType: "VOICE", ani: "x-1", addressFrom: us }, `phone:${us}`],
    [
      "voice, withheld in one field",
      { mediaType: "VOICE", ani: "anonymous", addressFrom: us },
      "withheld",
    ],
    [
      "voice, no number of any plan",
      { mediaType: "VOICE", ani: "tel:+99912345678" },
      "invalid_number",
    ],
    ["voice, short", { mediaType: "VOICE", ani: "tel:2001" }, "short_number"],
    ["voice, nothing", { mediaType: "VOICE", dnis: company }, "no_address"],
    [
      "callback, first usable",
      { mediaType: "CALLBACK", callbackNumbers: ["anonymous", "", "555-019-9999"] },
      `phone:${us}`,
    ],
    [
      "callback, only the caller",
      { mediaType: "CALLBACK", callbackNumbers: [], ani: us },
      `phone:${us}`,
    ],
    ["callback, no list", { mediaType: "CALLBACK", addressFrom: `tel:${us}` }, `phone:${us}`],
    [
      "callback outbound, only the called side",
      { mediaType: "CALLBACK", direction: "OUTBOUND", ani: company, dnis: us },
      `phone:${us}`,
    ],
    [
      "callback, no number usable but the caller's",
      { mediaType: "CALLBACK", callbackNumbers: ["911"], ani: us },
      `phone:${us}`,
    ],
    [
      "callback, number withheld",
      { mediaType: "CALLBACK", callbackNumbers: ["anonymous"], ani: us },
      "withheld",
    ],
    [
      "callback, number before the caller's",
      { mediaType: "CALLBACK", callbackNumbers: [us], ani: "anonymous" },
      `phone:${us}`,
    ],
    ["callback, nothing", { mediaType: "CALLBACK", dnis: company }, "no_address"],
    [
      "callback, none usable",
      { mediaType: "CALLBACK", callbackNumbers: ["", "911"] },
      "short_number",
    ],
    [
      "email outbound",
      {
        mediaType: "EMAIL",
        direction: "OUTBOUND",
        addressFrom: "support@acme.example",
        addressTo: "ada@example.com",
      },
      "email:ada@example.com",
    ],
    ["email without address", { mediaType: "EMAIL" }, "no_address"],
    [
      "SMS outbound",
      {
        mediaType: "MESSAGE",
        messageType: "SMS",
        direction: "OUTBOUND",
        addressFrom: company,
        addressTo: us,
      },
      `phone:${us}`,
    ],
    [
      "SMS, short code",
      { mediaType: "MESSAGE", messageType: "SMS", addressFrom: "24365" },
      "short_number",
    ],
    [
      "SMS, national digits",
      { mediaType: "MESSAGE", messageType: "sms", addressFrom: "4792345678" },
      "phone:+14792345678",
    ],
    [
      "WhatsApp, the same digits",
      { mediaType: "MESSAGE", messageType: "WHATSAPP", addressFrom: "4792345678" },
      "phone:+4792345678",
    ],
    [
      "open messaging, digits",
      { mediaType: "MESSAGE", messageType: "OPEN", addressFrom: "15550199999" },
      "opaque",
    ],
    [
      "open messaging, few digits",
      { mediaType: "MESSAGE", messageType: "OPEN", addressFrom: "42" },
      "opaque",
    ],
    [
      "open messaging, an id that looks like an extension",
      { mediaType: "MESSAGE", messageType: "OPEN", addressFrom: "#42" },
      "opaque",
    ],
    [
      "WhatsApp by its scheme, in an unknown medium",
      { addressFrom: "whatsapp:4792345678" },
      "phone:+4792345678",
    ],
    [
      "voice, local to another country",
      { mediaType: "VOICE", ani: "tel:06641234567;phone-context=+43" },
      "phone:+436641234567",
    ],
    [
      "voice, local to a network",
      { mediaType: "VOICE", ani: "tel:7275550198;phone-context=ims.example.com" },
      "internal",
    ],
    [
      "voice, a plus before a national number",
      { mediaType: "VOICE", ani: "tel:+7275550198" },
      "phone:+17275550198",
    ],
    [
      "email, IDN",
      { mediaType: "EMAIL", addressFrom: "Ada@Exämple.com" },
      "email:ada@xn--exmple-cua.com",
    ],
    [
      "open messaging, E.164",
      { mediaType: "MESSAGE", messageType: "OPEN", addressFrom: us },
      `phone:${us}`,
    ],
    [
      "open messaging, email",
      { mediaType: "MESSAGE", messageType: "OPEN", addressFrom: "ada@example.com" },
      "email:ada@example.com",
    ],
    [
      "an unknown message type",
      { mediaType: "MESSAGE", messageType: "PIGEON", addressFrom: "id-77" },
      "opaque",
    ],
    ["a message without type", { mediaType: "MESSAGE", addressFrom: "24057231234567" }, "opaque"],
    ["chat", { mediaType: "CHAT", ani: "9f2c", addressFrom: "" }, "opaque"],
    ["chat with an email", { mediaType: "CHAT", ani: "ada@example.com" }, "email:ada@example.com"],
    ["chat, nothing", { mediaType: "CHAT" }, "no_address"],
    ["no media, email", { addressFrom: "ada@example.com" }, "email:ada@example.com"],
    [
      "no media, outbound",
      { direction: "OUTBOUND", addressFrom: company, dnis: us },
      `phone:${us}`,
    ],
    ["no media, an id", { mediaType: "HOLOGRAM", addressFrom: "beam-7" }, "opaque"],
    ["nothing at all", {}, "no_address"],
  ])("%s", (_, participant, key) => {
    expect(outcome(identify(participant, options))).toBe(key);
  });
});

describe("an external contact", () => {
  test.each<[string, string[], string[], string]>([
    ["phone before email", ["(555) 019-9999"], ["ada@example.com"], "phone:+15550199999"],
    ["the first phone that is one", ["", "123", "+49 30 901820"], [], "phone:+4930901820"],
    ["email if no phone is usable", ["ext 12"], ["no", "Ada@Example.com"], "email:ada@example.com"],
    ["the reason if nothing is usable", ["123"], [], "short_number"],
    ["nothing", [], [], "no_address"],
  ])("%s", (_, phones, emails, key) => {
    expect(outcome(identifyContact({ phones, emails }, options))).toBe(key);
  });
});

test("any address in any field is somebody with a number or an address, or nobody", () => {
  const piece = fc.constantFrom(
    ...[
      "+",
      "00",
      "011",
      "(0)",
      "0",
      "1",
      "15",
      "49",
      "555",
      "7275550198",
      "٣",
      "-",
      " ",
      ";",
      "@",
      "x",
    ],
    ...[
      "tel:",
      "sip:",
      "whatsapp:",
      "mailto:",
      "phone-context=",
      "ext",
      "example.com",
      "ü.de",
      "ada",
    ],
  );
  const address = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  );
  const participant = fc.record({
    mediaType: fc.constantFrom("VOICE", "CALLBACK", "EMAIL", "MESSAGE", "CHAT", "HOLOGRAM"),
    messageType: fc.constantFrom("SMS", "WHATSAPP", "OPEN"),
    direction: fc.constantFrom("INBOUND", "OUTBOUND"),
    ani: address,
    dnis: address,
    addressFrom: address,
    addressTo: address,
    callbackNumbers: fc.array(address, { maxLength: 2 }),
  });
  const region = fc.constantFrom<PhoneRegion>("US", "DE", "GB", "IT", "JP", "BR", "MX", "AU");
  fc.assert(
    fc.property(participant, region, (body, defaultRegion) => {
      const by = identify(body, { defaultRegion });
      if (!by.usable) return;
      expect(identityKey(by.identity)).toMatch(
        /^(?:phone:\+[1-9]\d{6,14}|email:[!-~ ]+@[a-z\d.-]+)$/,
      );
      if (by.identity.kind !== "phone") return;
      expect(formOf(by.identity, addressesOf(body))).toMatch(/^(?:e164|international|national)$/);
    }),
    { numRuns: 1_000 },
  );
});
