import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { E164 } from "../../../../src/domain/identity/identity.ts";
import { currentNumber, formerNumbers } from "../../../../src/domain/identity/numbering-changes.ts";
import { spellingsOf } from "../../../../src/domain/identity/spellings.ts";
import { rankOfStored } from "../../../../src/domain/identity/stored-number.ts";
import { examplesOf, regions } from "../../../support/numbers/google.ts";

/** How many texts Fusion is asked for: fewer than any other store. */
const FUSION = 24;

function textsOf(number: string, ...home: string[]): readonly string[] {
  return spellingsOf(number as E164, home).map(({ text }) => text);
}

function digitsOf(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.replace(/\D/g, ""));
}

describe("spellings, likeliest first", () => {
  test("in a country without a trunk prefix in writing", () => {
    expect(spellingsOf("+12025550123" as E164, ["1"]).slice(0, 9)).toEqual([
      { text: "12025550123", rank: "exact" },
      { text: "2025550123", rank: "national" },
      { text: "(202) 555-0123", rank: "national" },
      { text: "+1 202 555 0123", rank: "exact" },
      { text: "+1 202 555-0123", rank: "exact" },
      { text: "202-555-0123", rank: "national" },
      { text: "+1 202-555-0123", rank: "exact" },
      { text: "202 555 0123", rank: "national" },
      { text: "0012025550123", rank: "exact" },
    ]);
  });

  test("in a country with one", () => {
    expect(textsOf("+442071838750", "44").slice(0, 9)).toEqual([
      "442071838750",
      "2071838750",
      "02071838750",
      "020 7183 8750",
      "+44 20 7183 8750",
      "(020) 7183-8750",
      "00442071838750",
      "020-7183-8750",
      "+44 (0)20 7183 8750",
    ]);
  });

  test("abroad only with the country code", () => {
    const found = spellingsOf("+442071838750" as E164, ["1"]);
    expect(found.map(({ rank }) => rank)).not.toContain("national");
    expect(found.map(({ text }) => text)).toEqual(
      expect.arrayContaining(["442071838750", "4402071838750", "011442071838750"]),
    );
  });

  test("without national digits that are another country's at home", () => {
    expect(textsOf("+4720304050", "45")).not.toContain("20304050");
    expect(textsOf("+912025550123", "1")).not.toContain("2025550123");
    expect(textsOf("+4520304050", "45")).toContain("20304050");
  });

  test("without digits that are a home number when the + is lost, but with their typed form", () => {
    const texts = textsOf("+15512345678", "49");
    expect(texts).not.toContain("15512345678");
    expect(digitsOf(texts)).toContain("15512345678");
  });
});

test("with its country code and no +, although the digits are another number of the same country, too", () => {
  // 0491 and 0490 are area codes.
  expect(textsOf("+4915112345678", "49")).toContain("4915112345678");
  expect(textsOf("+4930901820", "49")).toContain("49030901820");
});

describe("within the smallest request", () => {
  test.each([
    ["+5491123456789", "54", ["1123456789", "541123456789", "01123456789", "1523456789"]],
    ["+541123456789", "54", ["5491123456789", "1123456789", "1523456789", "01123456789"]],
    ["+525512345678", "52", ["5512345678", "5215512345678", "015512345678", "0445512345678"]],
    ["+5511987654321", "55", ["11987654321", "1187654321", "551187654321", "(11) 8765-4321"]],
    ["+442071838750", "44", ["4402071838750", "+44 (0)20 7183 8750", "00442071838750"]],
    ["+442071838750", "1", ["4402071838750", "+44 (0)20 7183 8750", "00442071838750"]],
    ["+4930901820", "49", ["030/901820", "030 901820", "+49 (0)30 901820"]],
    ["+2250707123456", "225", ["07123456", "22507123456", "0707123456"]],
    ["+2290195123456", "229", ["95123456", "22995123456", "0195123456"]],
    ["+37061234567", "370", ["861234567", "061234567"]],
    ["+380442345678", "380", ["80442345678", "0442345678"]],
    ["+84701234567", "84", ["01201234567", "841201234567", "0701234567"]],
    ["+23057123456", "230", ["7123456", "2307123456", "57123456"]],
    ["+74951234567", "7", ["84951234567", "4951234567", "8 (495) 123-45-67"]],
  ])("%s at home in %s has %j", (number, home, forms) => {
    const texts = textsOf(number, home);
    // The E.164 form is one more.
    expect(texts.slice(0, FUSION - 1)).toEqual(expect.arrayContaining(forms));
  });

  test("a country with a trunk prefix has a form with it after the country code", () => {
    const without = regions.flatMap((region) =>
      examplesOf(region).filter((number) => {
        const trunk = textsOf(number, "1").find((text) => /^\+\d+ \(\d+\)\d/.test(text));
        if (trunk === undefined) return false;
        const digits = trunk.replace(/\D/g, "");
        return !textsOf(number, "1").includes(digits) && !number.startsWith("+1");
      }),
    );
    expect(without).toEqual([]);
  });
});

describe("numbering plans that changed", () => {
  test("lead back: the former number of a number has it as its current one", () => {
    const numbers = regions.flatMap(examplesOf).map((number) => number.slice(1));
    const former = numbers.flatMap((number) =>
      formerNumbers(number).map(({ digits }) => [digits, number]),
    );
    expect(former.length).toBeGreaterThan(10);
    for (const [digits = "", number] of former) expect(currentNumber(digits)).toBe(number);
  });

  test.each([
    ["525512345678", "525512345678"],
    ["5215512345678", "525512345678"],
    ["551187654321", "5511987654321"],
    ["551132654321", "551132654321"],
    ["551177654321", "551177654321"],
    ["841201234567", "84701234567"],
    ["8401201234567", "84701234567"],
    ["22507123456", "2250707123456"],
    ["22504123456", "2250504123456"],
    ["22501123456", "2250101123456"],
    ["22520304050", "2252720304050"],
    ["22995123456", "2290195123456"],
    ["20191234567", "201091234567"],
    ["15550199999", "15550199999"],
    ["52", "52"],
    ["", ""],
  ])("%s is today %s", (digits, current) => {
    expect(currentNumber(digits)).toBe(current);
  });
});

test("the spellings of a number take about a millisecond", () => {
  const numbers = regions.flatMap(examplesOf);
  const times = numbers.map((number) => {
    const start = performance.now();
    spellingsOf(number as E164, ["1", number.slice(1, 3)]);
    return performance.now() - start;
  });
  const median = times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
  process.stdout.write(`spellings of a number, median: ${median.toFixed(2)} ms\n`);
  // Only catches a mistake: the machine may be busy.
  expect(median).toBeLessThan(50);
});

test("each spelling is a distinct other text that a store can hold, with the rank of its reading", () => {
  const numbers = regions.flatMap(examplesOf);
  const codes = fc.constantFrom(
    "1",
    "44",
    "49",
    "39",
    "45",
    "47",
    "52",
    "54",
    "55",
    "81",
    "86",
    "7",
  );
  const home = fc.uniqueArray(codes, { maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...numbers), home, (number, sites) => {
      const spellings = spellingsOf(number as E164, sites);
      const texts = spellings.map(({ text }) => text);
      expect(new Set([number, ...texts]).size).toBe(texts.length + 1);
      for (const { text, rank } of spellings) {
        expect(text).toMatch(/^[+(]?\d[\d ()./-]{3,28}$/);
        expect(rankOfStored(text, number as E164, sites)).toBe(rank);
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});
