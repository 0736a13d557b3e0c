import { describe, expect, test } from "vitest";
import type { E164 } from "../../../../src/domain/identity/identity.ts";
import type { Rank } from "../../../../src/domain/identity/rank.ts";
import { rankOfStored } from "../../../../src/domain/identity/stored-number.ts";
import { lineOf } from "../../../../src/domain/identity/subscriber-line.ts";

const isSameLine = (one: E164, other: E164) => lineOf(one) === lineOf(other);

type Row = readonly [stored: string, number: string, home: string, rank: Rank | undefined];

function check(rows: readonly Row[]): void {
  test.each(rows)("%s for %s, home %s: %s", (stored, number, home, rank) => {
    const codes = home === "" ? [] : home.split(",");
    expect(rankOfStored(stored, number as E164, codes)).toBe(rank);
  });
}

describe("digits without a country code belong to the home countries", () => {
  check([
    ["20304050", "+4520304050", "45", "national"],
    ["20304050", "+4720304050", "45", undefined],
    ["20304050", "+4720304050", "47", "national"],
    ["20304050", "+4520304050", "47", undefined],
    ["20304050", "+4520304050", "", undefined],
    ["2025550123", "+12025550123", "1", "national"],
    ["2025550123", "+912025550123", "1", undefined],
    ["2025550123", "+12025550123", "91", undefined],
    ["(202) 555-0123", "+12025550123", "1", "national"],
    ["030/901820", "+4930901820", "49", "national"],
    ["30901820", "+4930901820", "49", "national"],
    ["06 1234 5678", "+390612345678", "39", "national"],
    ["8 (495) 123-45-67", "+74951234567", "7", "national"],
    ["06 30 123 4567", "+36301234567", "36", "national"],
    ["0 321 1234567", "+573211234567", "57", "national"],
    ["015 11 98765-4321", "+5511987654321", "55", "national"],
  ]);
});

describe("digits that are valid in two home countries belong to both", () => {
  check([
    ["22345678", "+4522345678", "47,45", "national"],
    ["22345678", "+4722345678", "47,45", "national"],
    ["22345678", "+4622345678", "47,45", undefined],
    // Norway has no such number today.
    ["20304050", "+4720304050", "47,45", undefined],
  ]);
});

describe("a text with its country code is sure", () => {
  check([
    ["+45 20 30 40 50", "+4520304050", "47", "exact"],
    ["4520304050", "+4520304050", "1", "exact"],
    ["004520304050", "+4520304050", "1", "exact"],
    ["011 45 20304050", "+4520304050", "1", "exact"],
    ["011 45 20304050", "+4520304050", "49", undefined],
    ["0011 44 20 7183 8750", "+442071838750", "61", "exact"],
    ["8~10 44 20 7183 8750", "+442071838750", "7", "exact"],
    ["010 44 20 7183 8750", "+442071838750", "81", "exact"],
    ["12025550123", "+12025550123", "1", "exact"],
    ["12025550123", "+12025550123", "44", "exact"],
    ["+1 (202) 555-0123", "+12025550123", "49", "exact"],
    ["4930901820", "+4930901820", "49", "exact"],
  ]);
});

describe("a trunk prefix may stand after the country code", () => {
  check([
    ["4402071838750", "+442071838750", "1", "exact"],
    ["4402071838750", "+442071838750", "44", "exact"],
    ["+44 (0)20 7183 8750", "+442071838750", "1", "exact"],
    ["0044 (0) 20 7183 8750", "+442071838750", "1", "exact"],
    ["49030901820", "+4930901820", "", "exact"],
    ["610291234567", "+61291234567", "1", "exact"],
    ["+7 (8) 495 123-45-67", "+74951234567", "1", "exact"],
    ["3606301234567", "+36301234567", "1", "exact"],
    ["+39 (0)6 1234 5678", "+390612345678", "1", "exact"],
    // The Czech Republic has no trunk prefix any more.
    ["+420 (0) 601 123 456", "+420601123456", "1", "exact"],
  ]);
});

describe("a text with two valid readings belongs to the home country alone, and is not sure", () => {
  check([
    // +49 1551 2345678 without its 0, or +1 551 234 5678.
    ["15512345678", "+4915512345678", "49", "national"],
    ["15512345678", "+15512345678", "49", undefined],
    ["+1 551 234 5678", "+15512345678", "49", "exact"],
    ["+1 551 234 5678", "+4915512345678", "49", undefined],
    ["15512345678", "+8615512345678", "86", "national"],
    ["15512345678", "+15512345678", "86", undefined],
    ["15512345678", "+15512345678", "1", "exact"],
    ["15512345678", "+15512345678", "1,49", "national"],
    ["15512345678", "+4915512345678", "1,49", "national"],
  ]);
});

describe("digits that are two numbers of one home country may be either, and neither is sure", () => {
  check([
    // A mobile number without its +, or a number of Leer (0491) without its 0.
    ["4915112345678", "+4915112345678", "49", "national"],
    ["4915112345678", "+494915112345678", "49", "national"],
    ["4915112345678", "+4915112345678", "1", "exact"],
    ["4915112345678", "+494915112345678", "1", undefined],
    ["004915112345678", "+4915112345678", "49", "exact"],
    // Stockholm, or Lund (046).
    ["468187107", "+468187107", "46", "national"],
    ["468187107", "+46468187107", "46", "national"],
    ["62814251742", "+62814251742", "62", "national"],
    ["38343612313", "+38343612313", "383", "national"],
    ["2631326386", "+2631326386", "263", "national"],
    // Of somebody abroad they are no number.
    ["6562234567", "+6562234567", "1", undefined],
  ]);
});

describe("a text with two valid numbers with a country code", () => {
  check([
    // 00 before Mexico, or Thailand's 005 before Egypt.
    ["00 52 222 845 0231", "+522228450231", "66", undefined],
    ["00 52 222 845 0231", "+202228450231", "66", undefined],
    ["00 52 222 845 0231", "+522228450231", "66,52", "national"],
    ["00 52 222 845 0231", "+522228450231", "49", "exact"],
    ["+52 222 845 0231", "+522228450231", "66", "exact"],
  ]);
});

describe("a + before a national number", () => {
  check([
    ["+7275550198", "+17275550198", "1", "national"],
    ["+5035550123", "+15035550123", "1", "national"],
    ["+020 7183 8750", "+442071838750", "44", "national"],
    ["+20304050", "+4520304050", "45", "national"],
    // Germany writes a 0 before these digits: they are a North American number that is only possible.
    ["+15550199999", "+15550199999", "49", "exact"],
    ["+15550199999", "+4915550199999", "49", undefined],
    ["+0044 20 7183 8750", "+442071838750", "1", "exact"],
    ["+011 44 20 7183 8750", "+442071838750", "1", "exact"],
  ]);
});

describe("Argentina's mobile numbers, with and without 9 and 15", () => {
  const forms = ["1123456789", "01123456789", "1523456789", "011 15-2345-6789", "11 2345-6789"];
  const coded = ["541123456789", "5491123456789", "+54 11 2345-6789", "+54 9 11 2345-6789"];
  check([
    ...forms.map((text): Row => [text, "+5491123456789", "54", "national"]),
    ...forms.map((text): Row => [text, "+541123456789", "54", "national"]),
    ...forms.map((text): Row => [text, "+5491123456789", "1", undefined]),
    ...coded.map((text): Row => [text, "+5491123456789", "54", "exact"]),
    ...coded.map((text): Row => [text, "+541123456789", "1", "exact"]),
    ["0351 15-234-5678", "+5493512345678", "54", "national"],
    ["3512345678", "+5493512345678", "54", "national"],
    // 15 without an area code is Buenos Aires, and no other area.
    ["152345678", "+5493512345678", "54", undefined],
  ]);

  test("are one line", () => {
    expect(isSameLine("+5491123456789" as E164, "+541123456789" as E164)).toBe(true);
    expect(isSameLine("+5491123456789" as E164, "+541123456780" as E164)).toBe(false);
    expect(isSameLine("+5215512345678" as E164, "+525512345678" as E164)).toBe(true);
    expect(isSameLine("+551187654321" as E164, "+5511987654321" as E164)).toBe(true);
    // A radio of Nextel's kept its 8 digits, and is not the mobile with a 9 before them.
    expect(isSameLine("+551177654321" as E164, "+5511977654321" as E164)).toBe(false);
  });
});

describe("old numbering plans", () => {
  check([
    ["+52 1 55 1234 5678", "+525512345678", "1", "exact"],
    ["5215512345678", "+525512345678", "1", "exact"],
    ["044 55 1234 5678", "+525512345678", "52", "national"],
    ["01 55 1234 5678", "+525512345678", "52", "national"],
    ["(11) 8765-4321", "+5511987654321", "55", "national"],
    ["+55 11 8765-4321", "+5511987654321", "1", "exact"],
    ["(11) 7765-4321", "+5511977654321", "55", undefined],
    ["0120 123 4567", "+84701234567", "84", "national"],
    ["+84 199 123 4567", "+84591234567", "1", "exact"],
    ["07 12 34 56", "+2250707123456", "225", "national"],
    ["07 12 34 56", "+2250107123456", "225", undefined],
    ["+225 20 30 40 50", "+2252720304050", "1", "exact"],
    ["95 12 34 56", "+2290195123456", "229", "national"],
    ["010 1234567", "+201001234567", "20", "national"],
    ["(1) 234 5678", "+576012345678", "57", "national"],
    ["+237 7712 3456", "+237677123456", "1", "exact"],
    ["712 3456", "+23057123456", "230", "national"],
    ["02 234 5678", "+56222345678", "56", "national"],
    ["0171 234 5678", "+442072345678", "44", "national"],
    ["8 (044) 234-56-78", "+380442345678", "380", "national"],
    ["8 612 34567", "+37061234567", "370", "national"],
    // A number of today comes first: 077 12 34 56 is a number of another country's plan only.
    ["07 12 34 56", "+2250707123456", "", undefined],
  ]);
});

describe("a number that is only possible", () => {
  check([
    ["+1 555 019 9999", "+15550199999", "1", "exact"],
    ["(555) 019-9999", "+15550199999", "1", "national"],
    ["15550199999", "+15550199999", "1", "exact"],
    ["15550199999", "+15550199999", "44", "exact"],
    ["(555) 019-9999", "+15550199999", "44", undefined],
  ]);
});

describe("signs and scripts", () => {
  check([
    ["０９０－１２３４－５６７８", "+819012345678", "81", "national"],
    ["＋８１ ９０ １２３４ ５６７８", "+819012345678", "1", "exact"],
    ["٠١٠٠١٢٣٤٥٦٧", "+201001234567", "20", "national"],
    ["०९८७६ ५४३२१०", "+919876543210", "91", "national"],
    ["\u200e+44 20 7183 8750\u202c", "+442071838750", "1", "exact"],
    ["tel:+442071838750", "+442071838750", "1", "exact"],
    ["(+44) 20 7183 8750", "+442071838750", "1", "exact"],
    ["020 7183 8750 x12", "+442071838750", "44", "national"],
    ["020 7183 8750 ext. 12", "+442071838750", "44", "national"],
    ["020 7183 8750 #12", "+442071838750", "44", "national"],
    ["020 7183 8750 (ext. 12)", "+442071838750", "44", "national"],
    ["020,71838750", "+442071838750", "44", "national"],
    ["+442071838750;ext=12", "+442071838750", "44", "exact"],
    ["020 7183 8750 / 020 7183 8751", "+442071838750", "44", undefined],
    ["", "+442071838750", "44", undefined],
    ["+", "+442071838750", "44", undefined],
    ["n/a", "+442071838750", "44", undefined],
    ["8750", "+442071838750", "44", undefined],
    ["1".repeat(90), "+442071838750", "44", undefined],
    [`+44 20 7183 8750${" ".repeat(100)}`, "+442071838750", "44", undefined],
  ]);
});
