import { expect, it } from "vitest";
import { referenceFieldConflicts } from "../../../src/config/variables/reference-fields.ts";

it.each([
  ["gateway", ["customerId", "accountNo"], 0],
  ["gateway", ["CustomFields.c.no"], 1],
  ["b2c", ["ID", "CustomFields.c.account_no"], 0],
  ["b2c", ["Name.Last", "id"], 2],
  ["fusion", ["PartyNumber", "AccountNumber_c"], 0],
  ["fusion", ["partyNumber or 1", "a"], 2],
] as const)("%s and the fields %j: %i problems", (dialect, fields, problems) => {
  const found = referenceFieldConflicts(dialect, fields);
  expect(found).toHaveLength(problems);
  for (const problem of found) expect(problem).toMatch(/^ORACLE_REFERENCE_FIELDS must name/);
});

it("no dialect, or no fields: no problem", () => {
  expect(referenceFieldConflicts(undefined, ["x y"])).toEqual([]);
  expect(referenceFieldConflicts("b2c", undefined)).toEqual([]);
});
