import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReference, safeText } from "../../../../src/domain/history/safe-text.ts";
import { emptied } from "../../../../src/domain/summary/emptied.ts";
import { languages } from "../../../../src/domain/summary/languages.ts";
import {
  MAX_HISTORY_LENGTH,
  MAX_TOTAL_BYTES,
  MAX_VALUE_LENGTH,
} from "../../../../src/domain/summary/limits.ts";
import { panelValues } from "../../../../src/domain/summary/panel-labels.ts";
import { type SummaryOptions, summarise } from "../../../../src/domain/summary/summarise.ts";
import { epochMs } from "../../../../src/domain/time.ts";
import { AT, found, oneCase, options } from "../../../support/summary-outcomes.ts";

test("a found customer", () => {
  expect(
    summarise(
      found(),
      { ...options, caseUrlTemplate: "https://crm.example/cases/{caseNumber}?of={customerId}" },
      AT,
    ),
  ).toEqual({
    ...emptied(options),
    oracle_status: "found",
    oracle_customer_id: "CUST-1",
    oracle_account: "Acme Ltd",
    oracle_open_cases: "2",
    oracle_last_case: '00042 "Printer on fire", Waiting, updated 2 Jan',
    oracle_history:
      '[{"ref":"00042","subject":"Printer on fire","status":"Waiting","updated":"2026-01-02T10:02:00Z"},' +
      '{"ref":"00041","subject":"Printer on fire","status":"Waiting","updated":"2025-06-16T00:00:00Z"}]',
    oracle_summary:
      '2 open cases. Last: 00042 "Printer on fire", Waiting, updated 2 Jan (as of 2 Jan, 10:02 UTC)',
    oracle_case_url: "https://crm.example/cases/00042?of=CUST-1",
    oracle_matched_by: "phone:exact",
    oracle_as_of: "2026-01-02T10:02:00.000Z",
  });
});

test("every write names the same attributes, so that nothing of another customer stays", () => {
  const panelLabels = { summary: "Oracle", last_case: "Last case", case_url: "Link" };
  const labelled = { ...options, panelLabels };
  const bare = found({ cases: [], openCases: { count: 0, exact: true } });
  const outcomes = [found(), bare, { match: "not_found" }, { match: "unavailable" }] as const;
  const names = outcomes.map((outcome) => Object.keys(summarise(outcome, labelled, AT)).sort());
  for (const one of names) expect(one).toEqual(names[0]);
});

test("the name is written only if it is enabled", () => {
  const written = summarise(found(), { ...options, includeCustomerName: true }, AT);
  expect(written.oracle_customer_name).toBe("Ada Example");
  expect(written.oracle_summary).toMatch(/^Ada Example - 2 open cases\. /);
  expect(JSON.stringify(summarise(found(), options, AT))).not.toContain("Ada");
});

test("a found customer with nothing else", () => {
  const customer = { id: safeReference("7"), name: undefined, account: undefined };
  const nothing = found({ customer, cases: [], openCases: { count: 0, exact: true } });
  const template = "https://crm.example/{caseNumber}";
  expect(
    summarise(nothing, { ...options, includeCustomerName: true, caseUrlTemplate: template }, AT),
  ).toEqual({
    ...emptied(options),
    oracle_status: "found",
    oracle_customer_id: "7",
    oracle_open_cases: "0",
    oracle_history: "[]",
    oracle_summary: "Known customer - no open cases (as of 2 Jan, 10:02 UTC)",
    oracle_matched_by: "phone:exact",
    oracle_as_of: "2026-01-02T10:02:00.000Z",
  });
});

test("a full page is not an exact count", () => {
  const written = summarise(found({ openCases: { count: 20, exact: false } }), options, AT);
  expect(written.oracle_open_cases).toBe("20+");
  expect(written.oracle_summary).toMatch(/^20\+ open cases\. /);
});

test("a case without time or subject", () => {
  const bare = oneCase("00042", { updatedAt: undefined, subject: safeText("", 9) });
  const written = summarise(found({ cases: [bare] }), options, AT);
  expect(written.oracle_last_case).toBe("00042, Waiting");
  expect(written.oracle_history).toBe('[{"ref":"00042","subject":"","status":"Waiting"}]');
});

describe("every other outcome writes status, summary and time, and empties the rest", () => {
  test.each([
    ["not_found", "Unknown - no customer has this number or address"],
    ["ambiguous", "Several customers share this number or address - ask who it is"],
    ["anonymous", "No usable number or address - ask who it is"],
    ["unavailable", "History unavailable - the customer may be known"],
  ] as const)("%s", (match, summary) => {
    expect(summarise({ match }, { ...options, prefix: "x." }, AT)).toEqual({
      ...emptied({ prefix: "x.", panelLabels: undefined }),
      "x.status": match,
      "x.summary": summary,
      "x.as_of": "2026-01-02T10:02:00.000Z",
    });
  });
});

describe("several customers of one organisation", () => {
  const organisation = {
    name: safeText("Acme", 80),
    contacts: { count: 3, exact: true },
    openCases: { count: 4, exact: true },
  };
  const summaryOf = (changes: object, language: SummaryOptions["language"] = "en") =>
    summarise(
      { match: "ambiguous", organisation: { ...organisation, ...changes } },
      { ...options, language },
      AT,
    );

  test("its name and counts are written, and no person", () => {
    expect(summaryOf({})).toEqual({
      ...emptied(options),
      oracle_status: "ambiguous",
      oracle_account: "Acme",
      oracle_open_cases: "4",
      oracle_summary: "3 contacts at Acme, 4 open cases - ask who it is (as of 2 Jan, 10:02 UTC)",
      oracle_as_of: "2026-01-02T10:02:00.000Z",
    });
  });

  test("a count that costs a further request is left out, and a cut one says so", () => {
    const written = summaryOf({ contacts: { count: 20, exact: false }, openCases: undefined });
    expect(written.oracle_open_cases).toBe("");
    expect(written.oracle_summary).toMatch(/^20\+ contacts at Acme - ask who it is \(/);
  });

  test("none open", () => {
    const written = summaryOf({ openCases: { count: 0, exact: true } });
    expect(written.oracle_summary).toMatch(/^3 contacts at Acme, no open cases - /);
  });

  test.each(languages)("is a line in every language: %s", (language) => {
    const name = safeText("$& {count} Ltd", 80);
    expect(summaryOf({ name }, language).oracle_summary).toMatch(
      /3.*\$& \{count\} Ltd|\$& \{count\} Ltd.*3/,
    );
  });
});

test("the history drops its oldest cases, and stays JSON", () => {
  const cases = Array.from({ length: 30 }, (_, i) =>
    oneCase(`0${100 - i}`, { subject: safeText(`"${"word ".repeat(30)}`, 80) }),
  );
  const history = summarise(found({ cases }), options, AT).oracle_history ?? "";
  const kept: { ref: string }[] = JSON.parse(history);
  expect(history.length).toBeLessThanOrEqual(MAX_HISTORY_LENGTH);
  expect(kept.length).toBeGreaterThan(3);
  expect(kept.map(({ ref }) => ref)).toEqual(cases.slice(0, kept.length).map((c) => c.reference));
});

describe("limits", () => {
  const everything: SummaryOptions = {
    prefix: "a_rather_long_prefix_of_ours_",
    includeCustomerName: true,
    caseUrlTemplate: "https://crm.example/agent/cases/{caseNumber}/of/customer/{customerId}",
    language: "en",
    panelLabels: Object.fromEntries(panelValues.map((name) => [name, `Oracle CX, ${name}, label`])),
  };
  const sizeOf = (attributes: object) => Buffer.byteLength(JSON.stringify(attributes));

  test.each(languages)("the longest line is not cut: %s", (language) => {
    const wide = (length: number) => safeText("字".repeat(500), length);
    for (let month = 0; month < 12; month++) {
      const at = epochMs(Date.UTC(2026, month, 28, 23, 59));
      const updatedAt = epochMs(Date.UTC(2025, month, 28));
      const longest = oneCase("R".repeat(64), { subject: wide(300), status: wide(300), updatedAt });
      const history = found({
        customer: { id: safeReference("C".repeat(64)), name: wide(300), account: wide(300) },
        cases: Array.from({ length: 50 }, () => longest),
        openCases: { count: 88_888, exact: false },
      });
      const written = summarise(history, { ...everything, language }, at);
      expect(written.a_rather_long_prefix_of_ours_summary).toMatch(/\)$/);
      expect(sizeOf(written)).toBeLessThan(MAX_TOTAL_BYTES);
    }
  });

  test("hold for any history", () => {
    const text = (max: number) =>
      fc.string({ unit: "grapheme", maxLength: 300 }).map((raw) => safeText(raw, max));
    const reference = fc.string({ maxLength: 80 }).map(safeReference);
    const moment = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(epochMs);
    const time = fc.option(moment, { nil: undefined });
    const history = fc.record({
      match: fc.constant("found" as const),
      rank: fc.constant("national" as const),
      matchedBy: fc.constant("phone:national" as const),
      customer: fc.record({ id: reference, name: text(300), account: text(300) }),
      cases: fc.array(
        fc.record({ reference, subject: text(300), status: text(300), updatedAt: time }),
        { maxLength: 25 },
      ),
      openCases: fc.record({ count: fc.nat(), exact: fc.boolean() }),
    });
    fc.assert(
      fc.property(history, fc.constantFrom(...languages), (outcome, language) => {
        const written = summarise(outcome, { ...everything, language }, AT);
        const { a_rather_long_prefix_of_ours_history: json = "", ...rest } = written;
        expect(JSON.parse(json)).toBeInstanceOf(Array);
        expect(json.length).toBeLessThanOrEqual(MAX_HISTORY_LENGTH);
        for (const value of Object.values(rest)) {
          expect(value.length).toBeLessThanOrEqual(MAX_VALUE_LENGTH);
        }
        expect(sizeOf(written)).toBeLessThan(MAX_TOTAL_BYTES);
      }),
    );
  });
});
