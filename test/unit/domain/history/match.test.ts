import { describe, expect, it, vi } from "vitest";
import { bestMatch, type MatchOptions, timeOf } from "../../../../src/domain/history/match.ts";

describe("a time", () => {
  it.each([
    ["2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z"],
    ["2026-01-05T12:00:00.250Z", "2026-01-05T12:00:00.250Z"],
    ["2026-01-05T13:00:00+01:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05T12:00:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05 12:00:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05", "2026-01-05T00:00:00Z"],
    ["20260105", "2026-01-05T00:00:00Z"],
    ["2026-01-05T13:00:00+0100", "2026-01-05T12:00:00Z"],
    ["2026-01-05 12:00:00.5 UTC", "2026-01-05T12:00:00.500Z"],
    ["Mon, 05 Jan 2026 12:00:00 GMT", "2026-01-05T12:00:00Z"],
    ["1767614400", "2026-01-05T12:00:00Z"],
    [1_767_614_400, "2026-01-05T12:00:00Z"],
    [1_767_614_400_000, "2026-01-05T12:00:00Z"],
    [1_767_614_400_000.5, "2026-01-05T12:00:00Z"],
  ])("%s, in any time zone of this machine", (text, utc) => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    expect(timeOf(text)).toBe(Date.parse(utc));
  });

  it.each([
    ...[undefined, null, "", "yesterday", "12:00", 0, -1, 42, 1e300, Number.NaN, true, {}, []],
    // Two readings, or none.
    ...["01/05/2026", "05.01.2026", "2026-13-45", "2026-01-05T25:00:00Z", "Mon, 05 Jan 2026 12:00"],
  ])("%j is not a time", (text) => {
    expect(timeOf(text)).toBeUndefined();
  });
});

interface Row {
  readonly id: string;
  readonly name?: string;
  readonly rank?: "exact" | "national" | "other";
  readonly organisation?: string;
  readonly disabled?: boolean;
}

const OPTIONS: MatchOptions<Row> = {
  idOf: ({ id }) => id,
  nameOf: ({ name = "" }) => name,
  rankOf: ({ rank = "exact" }) => (rank === "other" ? undefined : rank),
  organisationOf: ({ organisation }) => organisation,
  isDisabled: ({ disabled = false }) => disabled,
  placeholders: new Set(["unknown caller", "p"]),
  limit: 5,
};

/** `one A exact`, `not_found`, `ambiguous`, or `ambiguous Acme 3`, with a `+` if there may be more. */
function match(...rows: readonly Row[]): string {
  const result = bestMatch(rows, OPTIONS);
  if (result.match === "not_found") return "not_found";
  if (result.match === "one") return `one ${result.customer.id} ${result.rank}`;
  if (result.together === undefined) return "ambiguous";
  const { organisation, customers, exact } = result.together;
  return `ambiguous ${organisation} ${customers.length}${exact ? "" : "+"}`;
}

const A = { id: "A" };
const B = { id: "B" };
const UNKNOWN = { name: "Unknown Caller" };
const national = { rank: "national" } as const;
const other = { rank: "other" } as const;
const disabled = { disabled: true };
const acme = { organisation: "Acme" };
const five = (row: (index: number) => Row) => Array.from({ length: 5 }, (_, index) => row(index));

describe("the one customer", () => {
  it.each<[string, readonly Row[], string]>([
    ["no rows", [], "not_found"],
    ["one row", [A], "one A exact"],
    ["several rows of one customer", [A, A], "one A exact"],
    ["two customers", [A, B], "ambiguous"],
    ["a full page of one customer", five(() => A), "one A exact"],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});

describe("ranks", () => {
  it.each<[string, readonly Row[], string]>([
    ["the surer one wins", [{ ...A, ...national }, B], "one B exact"],
    ["in any order", [B, { ...A, ...national }], "one B exact"],
    ["of one customer, the best counts", [{ ...A, ...national }, A], "one A exact"],
    ["the best counts in any order", [A, { ...A, ...national }], "one A exact"],
    ["several of one rank are ambiguous", [A, B, { id: "C", ...national }], "ambiguous"],
    ["national alone is enough", [{ ...A, ...national }], "one A national"],
    ["rows of another number do not count", [{ ...A, ...other }, B], "one B exact"],
    ["only rows of another number", [{ ...A, ...other }], "not_found"],
    ["a row of another number hides none", [{ ...A, ...other }, A], "one A exact"],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});

describe("customers that are not in use", () => {
  it.each<[string, readonly Row[], string]>([
    ["do not count beside one who is", [{ ...A, ...disabled }, B], "one B exact"],
    [
      "even if their match is surer",
      [
        { ...A, ...disabled },
        { ...B, ...national },
      ],
      "one B national",
    ],
    ["count if there is no other", [{ ...A, ...disabled }], "one A exact"],
    ["are ambiguous among themselves", [A, B].map((one) => ({ ...one, ...disabled })), "ambiguous"],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});

describe("placeholders", () => {
  it.each<[string, readonly Row[], string]>([
    ["by id", [{ id: "P" }, B], "one B exact"],
    ["by name, in any case", [{ ...A, ...UNKNOWN }, B], "one B exact"],
    ["alone", [{ ...A, ...UNKNOWN }], "not_found"],
    ["that fill the page", five((index) => ({ id: String(index), ...UNKNOWN })), "ambiguous"],
    [
      "with a customer on a full page",
      five((index) => (index === 0 ? { ...A, ...UNKNOWN } : B)),
      "ambiguous",
    ],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});

describe("a full page", () => {
  it.each<[string, readonly Row[], string]>([
    ["of other numbers", five((index) => ({ id: String(index), ...other })), "ambiguous"],
    [
      "with one sure match: a further one may be missing",
      five((index) => (index === 0 ? A : { id: String(index), ...national })),
      "ambiguous",
    ],
    [
      "of one organisation: there may be more",
      five((index) => ({ id: String(index), ...acme })),
      "ambiguous Acme 5+",
    ],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});

describe("an organisation", () => {
  it.each<[string, readonly Row[], string]>([
    ["of all", [A, B, { id: "C" }].map((one) => ({ ...one, ...acme })), "ambiguous Acme 3"],
    [
      "with several rows a customer",
      [A, A, B].map((one) => ({ ...one, ...acme })),
      "ambiguous Acme 2",
    ],
    ["of some only", [{ ...A, ...acme }, B], "ambiguous"],
    [
      "of some, another of others",
      [
        { ...A, ...acme },
        { ...B, organisation: "Other" },
      ],
      "ambiguous",
    ],
    [
      "without a name",
      [
        { ...A, organisation: " " },
        { ...B, organisation: "" },
      ],
      "ambiguous",
    ],
    [
      "of the best matches: others do not count",
      [
        { ...A, ...acme },
        { ...B, ...acme },
        { id: "C", ...national, organisation: "Other" },
      ],
      "ambiguous Acme 2",
    ],
    [
      "without those that are not in use",
      [
        { ...A, ...acme },
        { ...B, ...acme },
        { id: "C", ...disabled, organisation: "Other" },
      ],
      "ambiguous Acme 2",
    ],
  ])("%s", (_, rows, expected) => expect(match(...rows)).toBe(expected));
});
