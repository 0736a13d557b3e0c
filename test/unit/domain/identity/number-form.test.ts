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
])("%s is written as %s", (ani, form) => {
  expect(formAndMask({ mediaType: "VOICE", ani })).toEqual({ form, masked: "+49…78" });
});

it("uses the called side of an outbound call", () => {
  const body = { mediaType: "VOICE", direction: "OUTBOUND", ani: "+1", dnis: "03012345678" };
  expect(formAndMask(body).form).toBe("national");
});

it("has no form for an email address, and masks it", () => {
  const body = { mediaType: "EMAIL", addressFrom: "Ada.Lovelace@engines.example" };
  expect(formAndMask(body)).toEqual({ form: undefined, masked: "a…@….example" });
});
