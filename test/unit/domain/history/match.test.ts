import { describe, expect, it, vi } from "vitest";
import { onlyOne, timeOf } from "../../../../src/domain/history/match.ts";

describe("a time", () => {
  it.each([
    ["2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z"],
    ["2026-01-05T12:00:00.250Z", "2026-01-05T12:00:00.250Z"],
    ["2026-01-05T13:00:00+01:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05T12:00:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05 12:00:00", "2026-01-05T12:00:00Z"],
    ["2026-01-05", "2026-01-05T00:00:00Z"],
  ])("%s, in any time zone of this machine", (text, utc) => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    expect(timeOf(text)).toBe(Date.parse(utc));
  });

  it.each([undefined, null, "", "yesterday", "12:00"])("%j is not a time", (text) => {
    expect(timeOf(text)).toBeUndefined();
  });
});

describe("the one customer", () => {
  const match = (ids: readonly string[], placeholders: readonly string[] = [], limit = 5) =>
    onlyOne(ids, {
      idOf: (id) => id,
      nameOf: (id) => (id.startsWith("u") ? "Unknown Caller" : ""),
      placeholders: new Set(placeholders),
      limit,
    });

  it.each([
    [[], [], { match: "not_found" }],
    [["A"], [], { match: "one", customer: "A" }],
    [["A", "A"], [], { match: "one", customer: "A" }],
    [["A", "B"], [], { match: "ambiguous" }],
    [["A", "B"], ["a"], { match: "one", customer: "B" }],
    [["u1", "B", "u2"], ["unknown caller"], { match: "one", customer: "B" }],
    [["u1", "u2"], ["unknown caller"], { match: "not_found" }],
    // A full page with one customer only is not ambiguous.
    [["A", "A", "A", "A", "A"], [], { match: "one", customer: "A" }],
    [["u1", "u2", "u3", "u4", "u5"], ["unknown caller"], { match: "ambiguous" }],
    [["u1", "B", "B", "B", "B"], ["unknown caller"], { match: "ambiguous" }],
  ])("of %j without %j: %j", (ids, placeholders, expected) => {
    expect(match(ids, placeholders)).toEqual(expected);
  });
});
