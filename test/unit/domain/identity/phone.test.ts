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

describe("a + that stands before something else than a valid number", () => {
  test.each<[string, PhoneRegion, string | undefined]>([
    // A carrier puts it before national numbers.
    ["+7275550198", "US", "+17275550198"],
    ["+5035550123", "US", "+15035550123"],
    ["+6145550123", "US", "+16145550123"],
    ["+4155550123", "US", "+14155550123"],
    ["+4505550123", "US", "+14505550123"],
    ["+727 555 0198", "CA", "+17275550198"],
    ["+0412345678", "AU", "+61412345678"],
    ["+412345678", "AU", "+61412345678"],
    ["+612345678", "FR", "+33612345678"],
    ["+612345678", "ES", "+34612345678"],
    ["+015112345678", "DE", "+4915112345678"],
    ["+7911123456", "GB", "+447911123456"],
    // Chinese mobile numbers are written without a 0.
    ["+15550199999", "CN", "+8615550199999"],
    // A valid number is what it says.
    ["+4720304050", "US", "+4720304050"],
    ["+442071838750", "DE", "+442071838750"],
    ["+5035550123", "GB", "+5035550123"],
    // A complete one may be newer than the metadata. In DE, 15550199999 with its 0 is a mobile number.
    ["+15550199999", "DE", "+15550199999"],
    ["+15550199999", "AT", "+15550199999"],
    // An international prefix.
    ["+00442071838750", "US", "+442071838750"],
    ["+00 44 20 7183 8750", "US", "+442071838750"],
    ["+011 44 20 7183 8750", "US", "+442071838750"],
    ["+011 44 20 7183 8750", "DE", "+442071838750"],
    ["+0011 44 20 7183 8750", "AU", "+442071838750"],
    ["+00 1 555 019 9999", "DE", "+15550199999"],
    ["+99912345678", "DE", undefined],
    ["+0", "DE", undefined],
  ])("%s in %s", (text, region, number) => {
    expect(numberOf(text, region)).toBe(number);
  });

  test("does not make a WhatsApp id national while a country may have it", () => {
    expect(numberOf("+5035550123", "US", "whatsapp")).toBe("+5035550123");
  });

  test("is never national if the context names the country", () => {
    expect(numberOf("+5035550123", "US", "global")).toBe("+5035550123");
    expect(numberOf("+7275550198", "US", "global")).toBeUndefined();
    expect(numberOf("+4306641234567", "DE", "global")).toBe("+436641234567");
    expect(numberOf("+784951234567", "DE", "global")).toBe("+74951234567");
    expect(numberOf("+112025550123", "DE", "global")).toBe("+12025550123");
  });
});

describe("00 where the region's own prefix begins with 00, too", () => {
  test.each<[string, PhoneRegion, string | undefined]>([
    // After 00: 1 and 321 227 4075 in Florida.
    ["0011 32 12 27 40 75", "AU", "+3212274075"],
    ["00113212274075", "AU", "+3212274075"],
    ["0013212274075", "AU", "+13212274075"],
    ["001 32 12 27 40 75", "KR", undefined],
    ["0013212274075", "TH", undefined],
    ["00 1 321 227 4075", "KR", "+13212274075"],
    ["001 44 20 7183 8750", "KR", "+442071838750"],
    ["0044 20 7183 8750", "KR", "+442071838750"],
    ["0082 2 312 3456", "KR", "+8223123456"],
    ["00447911123456", "SG", "+447911123456"],
    ["0013212274075", "DE", "+13212274075"],
  ])("%s in %s", (text, region, number) => {
    expect(numberOf(text, region)).toBe(number);
  });
});

describe("prefixes and trunk prefixes as people write them", () => {
  test.each<[string, PhoneRegion, string]>([
    ["00 44 20 7183 8750", "US", "+442071838750"],
    ["0 0 44 20 7183 8750", "US", "+442071838750"],
    ["(00)44-20-7183-8750", "US", "+442071838750"],
    ["(00) 44 (0)20 7183 8750", "US", "+442071838750"],
    ["00-7-(0)495-123-45-67", "US", "+74951234567"],
    ["011 44 (0)20 7183 8750", "US", "+442071838750"],
    ["011 44 20 7183 8750", "DE", "+442071838750"],
    ["+(44) 20 7183 8750", "US", "+442071838750"],
    ["+44) 20 7183 8750", "US", "+442071838750"],
    ["+44 (0)20 7183 8750", "US", "+442071838750"],
    ["+7 (0)495 123 45 67", "US", "+74951234567"],
    ["+36 (0)1 234 5678", "US", "+3612345678"],
    ["+39 (0)6 1234 5678", "US", "+390612345678"],
    ["44 (0)20 7183 8750", "US", "+442071838750"],
    ["011 1234567", "IT", "+390111234567"],
    ["[020] 7183-8750", "GB", "+442071838750"],
  ])("%s in %s", (text, region, number) => {
    expect(numberOf(text, region)).toBe(number);
  });
});

test("a region is a known ISO code", () => {
  expect(["US", "DE", "JP"].every(isPhoneRegion)).toBe(true);
  expect(["us", "XX", "", "toString"].some(isPhoneRegion)).toBe(false);
});

test("any number is E.164, and is read as itself again", () => {
  const text = fc.stringMatching(/^(\+|00|0|\+00|\+011)?[1-9][\d ().-]{5,16}$/);
  const region = fc.constantFrom<PhoneRegion>("US", "DE", "GB", "IT", "JP", "BR", "MX", "AU");
  const style = fc.constantFrom<PhoneStyle>("typed", "sms", "whatsapp", "global");
  fc.assert(
    fc.property(text, region, style, (raw, from, by) => {
      const number = numberOf(raw, from, by);
      if (number === undefined) return;
      expect(number).toMatch(/^\+[1-9]\d{6,14}$/);
      expect(numberOf(number, from, "global")).toBe(number);
    }),
    { numRuns: 500 },
  );
});
