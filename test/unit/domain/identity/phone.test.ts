import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isPhoneRegion,
  type PhoneRegion,
  type PhoneStyle,
  phoneIdentity,
} from "../../../../src/domain/identity/phone.ts";

function numberOf(text: string, region: PhoneRegion, style: PhoneStyle = "typed") {
  const identity = phoneIdentity(text, region, style);
  return identity?.kind === "phone" ? identity.number : undefined;
}

function spellingsOf(text: string, region: PhoneRegion) {
  const identity = phoneIdentity(text, region, "typed");
  return identity?.kind === "phone" ? identity.spellings : undefined;
}

describe("a number with a country code, or in national form", () => {
  test.each<[string, PhoneRegion, string]>([
    ["+15550199999", "US", "+15550199999"],
    ["+15550199999", "DE", "+15550199999"],
    ["+49 (0)30 901820", "US", "+4930901820"],
    ["+39 06 1234 5678", "US", "+390612345678"],
    ["+800 1234 5678", "US", "+80012345678"],
    ["(555) 019-9999", "US", "+15550199999"],
    ["555-019-9999", "US", "+15550199999"],
    ["030/901820", "DE", "+4930901820"],
    ["0171 1234567", "DE", "+491711234567"],
    ["020 7183 8750", "GB", "+442071838750"],
    ["0044 20 7183 8750", "DE", "+442071838750"],
    ["0044 20 7183 8750", "US", "+442071838750"],
    ["00442071838750", "JP", "+442071838750"],
    ["011442071838750", "US", "+442071838750"],
    ["0011442071838750", "AU", "+442071838750"],
    ["0015550199999", "DE", "+15550199999"],
    ["(11) 8765-4321", "BR", "+5511987654321"],
  ])("%s in %s", (text, region, number) => {
    expect(numberOf(text, region)).toBe(number);
  });
});

describe("digits without a +", () => {
  test.each<[string, PhoneRegion, PhoneStyle, string]>([
    ["491701234567", "US", "whatsapp", "+491701234567"],
    ["491701234567", "DE", "whatsapp", "+491701234567"],
    ["4930901820", "US", "whatsapp", "+4930901820"],
    ["15550199999", "DE", "whatsapp", "+15550199999"],
    ["4792345678", "US", "whatsapp", "+4792345678"],
    // The same digits are a national number in the US.
    ["4792345678", "US", "sms", "+14792345678"],
    ["4792345678", "US", "typed", "+14792345678"],
    ["2025550123", "US", "sms", "+12025550123"],
    ["5550199999", "US", "sms", "+15550199999"],
    ["5550199999", "US", "typed", "+15550199999"],
    ["15550199999", "US", "sms", "+15550199999"],
    ["15550199999", "US", "typed", "+15550199999"],
    ["442071838750", "DE", "sms", "+442071838750"],
    ["491701234567", "DE", "sms", "+491701234567"],
    ["491701234567", "DE", "typed", "+491701234567"],
    ["491701234567", "US", "typed", "+491701234567"],
    ["1701234567", "DE", "typed", "+491701234567"],
    ["612345678", "FR", "typed", "+33612345678"],
    ["9198765432", "IN", "typed", "+919198765432"],
  ])("%s in %s, %s", (text, region, style, number) => {
    expect(numberOf(text, region, style)).toBe(number);
  });
});

describe("WhatsApp ids older than the numbering plan", () => {
  test.each([
    ["5215512345678", "+525512345678"],
    ["551187654321", "+5511987654321"],
    ["551132654321", "+551132654321"],
    ["5491158749895", "+5491158749895"],
  ])("%s", (text, number) => {
    expect(numberOf(text, "US", "whatsapp")).toBe(number);
  });
});

test.each([
  "",
  "+",
  "12345",
  "+12345",
  "+1234567",
  "+99912345678",
  "123456789012345678",
  "letters",
])("no numbering plan has %j", (text) => {
  expect(numberOf(text, "US")).toBeUndefined();
});

describe("spellings, most likely first", () => {
  test("in a country without a trunk prefix in writing", () => {
    expect(spellingsOf("+15550199999", "DE")).toEqual([
      "15550199999",
      "5550199999",
      "(555) 019-9999",
      "555-019-9999",
      "+1 555 019 9999",
      "0015550199999",
    ]);
  });

  test("in a country with one", () => {
    expect(spellingsOf("020 7183 8750", "GB")).toEqual([
      "442071838750",
      "2071838750",
      "02071838750",
      "020 7183 8750",
      "020-7183-8750",
      "+44 20 7183 8750",
      "00442071838750",
    ]);
  });
});

test("a region is a known ISO code", () => {
  expect(["US", "DE", "JP"].every(isPhoneRegion)).toBe(true);
  expect(["us", "XX", "", "toString"].some(isPhoneRegion)).toBe(false);
});

test("any number is E.164, is read as itself again, and has distinct other spellings", () => {
  const text = fc.stringMatching(/^(\+|00|0)?[1-9][\d ().-]{5,16}$/);
  const region = fc.constantFrom<PhoneRegion>("US", "DE", "GB", "IT", "JP", "BR", "MX", "AU");
  const style = fc.constantFrom<PhoneStyle>("typed", "sms", "whatsapp");
  fc.assert(
    fc.property(text, region, style, (raw, from, by) => {
      const identity = phoneIdentity(raw, from, by);
      if (identity?.kind !== "phone") return;
      const { number, spellings } = identity;
      expect(number).toMatch(/^\+[1-9]\d{6,14}$/);
      expect(phoneIdentity(number, from, by)).toEqual(identity);
      expect(new Set([number, ...spellings]).size).toBe(spellings.length + 1);
      for (const spelling of spellings) expect(spelling).toMatch(/^[\d +()/.-]{4,}$/);
    }),
  );
});
