import { describe, expect, it } from "vitest";
import {
  spellingAdvice,
  spellingReportText,
} from "../../../../src/operations/spellings/spelling-report.ts";
import type { SpellingRow } from "../../../../src/operations/spellings/tally.ts";

const row = (changes: Partial<SpellingRow>): SpellingRow => ({
  ...{ country: "AT", forms: "live", asked: 10, found: 0, ambiguous: 0, failed: 0, reserved: 0 },
  ...changes,
});

describe("the report of a trial", () => {
  it("is a table by country and group of forms", () => {
    const text = spellingReportText({
      ...{ seed: 7, lines: 431, wrongLines: 2, numbers: 200, end: "done", requests: 512 },
      rows: [row({}), row({ forms: "national", asked: 8, found: 3, reserved: 2 })],
      advice: ["Do this."],
    });
    expect(text).toBe(
      [
        "200 numbers chosen from 431 lines (seed 7), 2 lines without a number skipped",
        "512 requests to Oracle",
        "",
        "country  forms                 asked  found  ambiguous  failed  left out",
        "AT       as a live lookup         10      0          0       0         0",
        "AT       without country code      8      3          0       0         2",
        "",
        "Do this.",
      ].join("\n"),
    );
  });

  it("says that it is not complete", () => {
    const text = spellingReportText({
      ...{ seed: 7, lines: 9, wrongLines: 0, numbers: 9, end: "interrupted", requests: 2 },
      ...{ rows: [], advice: [] },
    });
    expect(text).toContain("2 requests to Oracle; interrupted: not all numbers were asked");
  });
});

describe("advice", () => {
  it("is a value for ORACLE_HOME_COUNTRIES, with the risk", () => {
    const rows = [
      row({ forms: "national", found: 3, reserved: 2 }),
      row({ country: "NO", forms: "national", found: 1 }),
      row({ country: "SE", forms: "national" }),
    ];
    const text = spellingAdvice(rows, ["49"]).join("\n");
    expect(text).toContain("ORACLE_HOME_COUNTRIES=49,43,47.");
    expect(text).toContain("AT: 3 of 10 are stored without country code");
    expect(text).toContain("2 more were left out: their digits are a valid number of a home");
  });

  it("is to store what no request has room for in international form", () => {
    const [advice = ""] = spellingAdvice([row({ forms: "beyond", found: 1 })], ["43"]);
    expect(advice).toMatch(/^AT: 1 of 10 .*international form/);
  });

  it("is to merge duplicates", () => {
    const [advice = ""] = spellingAdvice([row({ forms: "national", ambiguous: 2 })], ["49"]);
    expect(advice).toMatch(/2 would be ambiguous.*Merge duplicate customers/);
  });

  it("says if nothing helps", () => {
    expect(spellingAdvice([row({}), row({ forms: "national" })], ["49"])).toEqual([
      expect.stringMatching(/^No further form found anybody/),
    ]);
  });

  it("does not say that the live forms are enough if nothing further was tried, or a lookup failed", () => {
    const leftOut = row({ forms: "national", asked: 0, reserved: 4 });
    expect(spellingAdvice([row({}), leftOut], ["49"])).toEqual([
      expect.stringMatching(/^No further form was tried/),
      expect.stringMatching(/^AT, without country code: 4 left out.*with their country code/),
    ]);
    expect(spellingAdvice([row({}), row({ forms: "beyond", failed: 1 })], ["49"])).toEqual([
      expect.stringMatching(/some lookups failed: measure again/),
    ]);
    expect(spellingAdvice([row({ failed: 10 })], ["49"])).toEqual([
      expect.stringMatching(/some lookups failed: measure again/),
    ]);
    expect(spellingAdvice([], ["49"])).toEqual([]);
  });

  it("names what was left out in one country beside what was found in another", () => {
    const rows = [
      row({ country: "NO", forms: "national", found: 1 }),
      row({ forms: "national", asked: 0, reserved: 4 }),
    ];
    expect(spellingAdvice(rows, ["49"]).join("\n")).toMatch(/NO: 1 of 10.*AT, .*4 left out/s);
  });

  it("recommends no code of a number without a country", () => {
    const text = spellingAdvice([row({ country: "001", forms: "national", found: 1 })], ["49"]);
    expect(text.join("\n")).not.toContain("ORACLE_HOME_COUNTRIES=");
  });
});
