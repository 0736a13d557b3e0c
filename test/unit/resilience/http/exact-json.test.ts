import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactly } from "../../../../src/resilience/http/exact-json.ts";

describe("an integer of any size keeps its digits", () => {
  it.each<[string, unknown]>([
    ["42", 42],
    ["-42", -42],
    ["0", 0],
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740992", "9007199254740992"],
    ["9007199254740993", "9007199254740993"],
    ["300000123456789013", "300000123456789013"],
    ["-300000123456789013", "-300000123456789013"],
    ["300000123456789013.0", "300000123456789013"],
    ["3.00000123456789013e17", "300000123456789013"],
    ["3.00000123456789013E+17", "300000123456789013"],
    ["30000012345678901300e-2", "300000123456789013"],
    ["1e2", 100],
    ["1.50e2", 150],
    ["12.0", 12],
    ["1e17", "100000000000000000"],
    ["0e5", 0],
    ["0.000", 0],
  ])("%s", (text, value) => {
    expect(parseExactly(`{"id":${text}}`)).toEqual({ id: value });
    expect(parseExactly(`[[${text}]]`)).toEqual([[value]]);
  });

  it.each<[string, unknown]>([
    ["1.5", 1.5],
    ["-0.25", -0.25],
    ["1e300", 1e300],
    ["1e-300", 1e-300],
    // A number would round it to an integer.
    ["9007199254740991.4", "9007199254740991.4"],
    ["300000123456789013.5", "300000123456789013.5"],
  ])("a fraction is not rounded, and a huge number stays one: %s", (text, value) => {
    expect(parseExactly(`{"id":${text}}`)).toEqual({ id: value });
  });

  it("any integer, in any notation", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.nat(24), (id, at) => {
        const digits = String(id);
        const point = Math.min(Math.max(at, 1), digits.length);
        const notations = [
          digits,
          `${digits}.0`,
          `${digits.slice(0, point)}.${digits.slice(point)}0e${digits.length - point}`,
        ];
        for (const text of notations) {
          const plain = /^0\d/.test(text) ? "0" : text;
          expect(String(parseExactly(plain))).toBe(plain === "0" ? "0" : digits);
        }
      }),
      { seed: 16, numRuns: 2_000 },
    );
  });
});

it("everything else is as JSON.parse reads it", () => {
  const text = '{"a":"300000123456789013","b":[true,null,{"c":" x "}]}';
  expect(parseExactly(text)).toEqual(JSON.parse(text));
  expect(() => parseExactly("{")).toThrow(SyntaxError);
});
