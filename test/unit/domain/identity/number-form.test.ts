import { expect, it } from "vitest";
import { identify } from "../../../../src/domain/identity/customer.ts";
import { addressesOf, formOf, maskedNumber } from "../../../../src/domain/identity/number-form.ts";

const region = { defaultRegion: "DE" } as const;

function formAndMask(body: Parameters<typeof identify>[0]) {
  const by = identify(body, region);
  if (!by.usable) throw new Error(by.why);
  return { form: formOf(by.identity, addressesOf(body)), masked: maskedNumber(by.identity) };
}

it.each([
  ["tel:+493012345678", "e164"],
  ["sip:+493012345678@trunk.example", "e164"],
  ["00493012345678", "international"],
  ["493012345678", "international"],
  ["030 12345678", "national"],
  ["3012345678", "national"],
  ["+49 (0)30 12345678", "e164"],
  ["+(49) 30 12345678", "e164"],
  ["+0049 30 12345678", "international"],
  ["(00)49-30 12345678", "international"],
  ["49 (0)30 12345678", "international"],
  ["+030 12345678", "national"],
  ["+3012345678", "national"],
  ["tel:030-12345678;phone-context=+49", "international"],
  ["whatsapp:493012345678", "international"],
  ["٠٣٠ ١٢٣٤٥٦٧٨", "national"],
  ["+49 30 12345678 ext. 12", "e164"],
])("%s is written as %s", (ani, form) => {
  expect(formAndMask({ mediaType: "VOICE", ani })).toEqual({ form, masked: "+49…78" });
});

it.each([
  ["AR", "0343 15 555 1212", "+5493435551212", "national"],
  ["AR", "+54 9 343 555 1212", "+5493435551212", "e164"],
  ["BR", "(11) 8765-4321", "+5511987654321", "national"],
  ["BR", "551187654321", "+5511987654321", "international"],
  ["MX", "+52 1 33 1234 5678", "+523312345678", "e164"],
  ["US", "+7275550198", "+17275550198", "national"],
  ["US", "011 44 20 7183 8750", "+442071838750", "international"],
] as const)("in %s, %s is %s, written as %s", (defaultRegion, ani, number, form) => {
  const body = { mediaType: "VOICE", ani };
  const by = identify(body, { defaultRegion });
  if (!by.usable) throw new Error(by.why);
  expect(by.identity).toEqual({ kind: "phone", number });
  expect(formOf(by.identity, addressesOf(body))).toBe(form);
});

it("uses the called side of an outbound call", () => {
  const body = { mediaType: "VOICE", direction: "OUTBOUND", ani: "+1", dnis: "03012345678" };
  expect(formAndMask(body).form).toBe("national");
});

it("has no form for an email address, and masks it", () => {
  const body = { mediaType: "EMAIL", addressFrom: "Ada.Lovelace@engines.example" };
  expect(formAndMask(body)).toEqual({ form: undefined, masked: "a…@….example" });
});
