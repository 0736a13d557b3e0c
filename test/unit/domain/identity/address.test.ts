import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress } from "../../../../src/domain/identity/address.ts";

describe("a number", () => {
  test.each([
    ["tel:+15550199999", "+15550199999"],
    ["TEL:+15550199999", "+15550199999"],
    ["tel:+1-555-019-9999", "+1-555-019-9999"],
    ["tel:+15550199999;ext=12", "+15550199999"],
    ["tel:%2B15550199999", "+15550199999"],
    ["tel:(555) 019-9999", "(555) 019-9999"],
    ["sip:+442071838750@10.20.30.40;user=phone", "+442071838750"],
    ["sips:+442071838750@sbc.example:5061;transport=tls", "+442071838750"],
    ["sip:%2B442071838750@10.20.30.40", "+442071838750"],
    ["sip:+18005550123;tgrp=ab12;trunk-context=byoc.example@10.1.1.1", "+18005550123"],
    ["sip:+18005550123@10.1.1.1;tgrp=ab12;trunk-context=byoc.example", "+18005550123"],
    ['"Ada Example" <sip:+15550199999@10.1.1.1>;tag=1a2b', "+15550199999"],
    ["sip:+15550199999", "+15550199999"],
    ["sip:5550199999@sbc.example", "5550199999"],
    ["(555) 019-9999", "(555) 019-9999"],
    ["0044 20 7183 8750", "0044 20 7183 8750"],
    ["00442071838750", "00442071838750"],
    ["491701234567", "491701234567"],
    ["%2B491701234567", "+491701234567"],
    ["+15550199999 x12", "+15550199999"],
    ["+15550199999x12", "+15550199999"],
    ["+15550199999,12", "+15550199999"],
    ["+15550199999,,12#", "+15550199999"],
    ["+15550199999#12", "+15550199999"],
    ["555-019-9999 ext. 12", "555-019-9999"],
    ["\u202a+1 555 019 9999\u202c", "+1 555 019 9999"],
    ["555\u2011019\u20119999", "555\u2011019\u20119999"],
  ])("%s", (raw, text) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text });
  });
});

describe("an email address", () => {
  test.each([
    ["Ada.Example@Example.com", "ada.example@example.com"],
    ["mailto:ada@example.com", "ada@example.com"],
    ["mailto:ada%40example.com?subject=Printer", "ada@example.com"],
    ["Ada Example <ada@example.com>", "ada@example.com"],
    ["ada%20b@example.com", "ada%20b@example.com"],
  ])("%s", (raw, address) => {
    expect(readAddress(raw)).toEqual({ kind: "email", address });
  });
});

describe("unusable", () => {
  test.each([
    ["withheld", "sip:anonymous@anonymous.invalid"],
    ["withheld", "sip:anonymous@10.1.1.1"],
    ["withheld", '"Anonymous" <sip:anonymous@anonymous.invalid>'],
    ["withheld", "sip:+15550199999@anonymous.invalid"],
    ["withheld", "sip:unknown@unknown.invalid"],
    ["withheld", "sip:Restricted@sbc.example"],
    ["withheld", "anonymous"],
    ["withheld", "Anonymous"],
    ["withheld", "UNKNOWN"],
    ["withheld", "restricted"],
    ["withheld", "Unavailable"],
    ["withheld", "private"],
    ["withheld", "Private Number"],
    ["withheld", "Unknown caller"],
    ["withheld", "tel:anonymous"],
    ["withheld", "tel:Unknown"],
    ["withheld", "tel:reception"],
    ["withheld", "tel:"],
    ["withheld", "anonymous@example.com"],
    ["withheld", "tel:+266696687"],
    ["withheld", "+7378742833"],
    ["withheld", "+86282452253"],
    ["withheld", "+1266696687"],
    ["withheld", "0000000000"],
    ["internal", "sip:5c1f0a9b8e7d6c5b4a392817+acme.orgspan.com@localhost"],
    ["internal", "sip:123456789012345678901234+acme.orgspan.com@localhost"],
    ["internal", "sip:reception@sbc.example"],
    ["internal", "sip:10.20.130.140"],
    ["short_number", "tel:+12345"],
    ["short_number", "112"],
    ["short_number", "sip:2001@sbc.example"],
    ["short_number", "123456"],
    ["opaque", "5f50dce9-65a1-5bd9-9544-81ccb33d738e"],
    ["opaque", "12345678-1234-1234-1234-123456789012"],
    ["opaque", "5c1f0a9b8e7d6c5b4a392817"],
    ["opaque", "240572312345678901"],
    ["opaque", "US.13491208655302741918"],
    ["opaque", "1-800-FLOWERS"],
    ["opaque", "*31#5550199999"],
    ["opaque", "not an address"],
    ["opaque", "ada@localhost"],
    ["opaque", "%E0%A4%A"],
    ["opaque", "mailto:"],
    ["opaque", "+1555".repeat(200)],
    ["no_address", ""],
    ["no_address", "  \t"],
    ["no_address", "\u200b"],
    ["no_address", undefined],
  ])("%s: %s", (why, raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why });
  });
});

test("any phone has digits and separators only, and seven digits or more", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^(tel:|sip:)?[+\dx;,@. ()-]{0,30}$/),
  );
  fc.assert(
    fc.property(text, (raw) => {
      const address = readAddress(raw);
      if (address.kind !== "phone") return;
      expect(address.text).toMatch(/^\+?[\d\s().\-/\u00b7\u2010-\u2015]+$/);
      expect(address.text.replace(/\D/g, "").length).toBeGreaterThanOrEqual(7);
    }),
  );
});
