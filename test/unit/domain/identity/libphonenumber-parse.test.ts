import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { identify } from "../../../../src/domain/identity/customer.ts";
import { isPhoneRegion } from "../../../../src/domain/identity/phone.ts";

const region = z.string().refine(isPhoneRegion);
const parseTest = z.strictObject({
  text: z.string(),
  region: region.nullable(),
  e164: z.string().nullable(),
});
const explained = parseTest.extend({ ours: z.string().nullable(), why: z.string().min(10) });
const schema = z.object({ cases: z.array(z.union([parseTest, explained])).min(150) });

const file = new URL("../../../fixtures/libphonenumber-parse.json", import.meta.url);
const { cases } = schema.parse(JSON.parse(readFileSync(file, "utf8")));

function numberOf(text: string, defaultRegion: z.infer<typeof region> = "US"): string | null {
  const by = identify({ mediaType: "VOICE", ani: text }, { defaultRegion });
  return by.usable && by.identity.kind === "phone" ? by.identity.number : null;
}

describe("the parse tests of libphonenumber", () => {
  test.each(cases.filter((one) => !("ours" in one)))("$text in $region is $e164", (one) => {
    expect(numberOf(one.text, one.region ?? undefined)).toBe(one.e164);
  });

  test.each(cases.filter((one) => "ours" in one))("$text in $region is $ours: $why", (one) => {
    expect(numberOf(one.text, one.region ?? undefined)).toBe(one.ours);
    // An explanation that is not needed any more has to go.
    expect(one.ours).not.toBe(one.e164);
  });

  test("refuse its malicious input", () => {
    expect(numberOf(`${"+".repeat(6000)}12222-33-244 extensioB 343+`)).toBeNull();
    expect(numberOf(`${"200".repeat(350)} extensiOB 345`)).toBeNull();
  });
});
