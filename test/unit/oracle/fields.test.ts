import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  countField,
  flagField,
  idField,
  isTrue,
  textField,
  timeField,
} from "../../../src/oracle/dialect/fields.ts";
import { customerRowsOf, matchAmong, rowsOf } from "../../../src/oracle/dialect/rows.ts";

describe("a field", () => {
  it.each<[unknown, string | undefined]>([
    ["Open", "Open"],
    [" ", undefined],
    [7, "7"],
    [true, "true"],
    [null, undefined],
    [undefined, undefined],
    [["Open"], undefined],
    [{ id: 1, lookupName: "Open" }, "Open"],
    [{ value: "open", label: "Open" }, "Open"],
    [{ id: 1 }, "1"],
    [{ name: { first: "A" } }, undefined],
    [{}, undefined],
  ])("as text: %j is %j", (value, text) => {
    expect(textField.parse(value)).toBe(text);
  });

  it.each<[unknown, number | undefined]>([
    [23, 23],
    ["23", 23],
    [" 0 ", 0],
    [-1, undefined],
    ["-1", undefined],
    [2.5, undefined],
    [null, undefined],
    ["many", undefined],
    [{ count: 1 }, undefined],
  ])("as a count: %j is %j", (value, count) => {
    expect(countField.parse(value)).toBe(count);
  });

  it.each([
    ...[true, "true", "TRUE", "Yes", 1, "1", "y"].map((value) => [value, true]),
    ...[false, "false", "no", 0, "0", null, undefined, "", {}, []].map((value) => [value, false]),
  ])("as a flag: %j is %s", (value, flag) => {
    expect(isTrue(value)).toBe(flag);
    expect(flagField.parse(value)).toBe(flag);
  });

  it("that is missing is no error, except an id", () => {
    const row = z.object({ a: textField, b: timeField, c: countField, d: flagField });
    expect(row.parse({})).toEqual({ a: undefined, b: undefined, c: undefined, d: false });
    expect(z.object({ id: idField }).safeParse({}).success).toBe(false);
  });

  it.each<[unknown, string | undefined]>([
    ["C-1", "C-1"],
    [" 007 ", "007"],
    [42, "42"],
    [0, "0"],
    ["300000123456789013", "300000123456789013"],
    [300_000_123_456_789_000, undefined],
    [1.5, undefined],
    [-1, "-1"],
    ["", undefined],
    [null, undefined],
    [true, undefined],
  ])("as an id: %j is %j", (value, id) => {
    expect(idField.safeParse(value).data).toBe(id);
  });
});

describe("rows", () => {
  const row = z.object({ id: idField });
  const matching = {
    idOf: ({ id }: { id: string }) => id,
    nameOf: () => "",
    rankOf: () => "exact" as const,
    organisationOf: () => "Acme",
    placeholders: new Set<string>(),
    limit: 20,
  };

  it("are read one by one", () => {
    expect(rowsOf(row).parse([{ id: 1 }, { id: null }, null, "x"])).toEqual({
      ...{ readable: [{ id: "1" }], missing: 2 },
    });
    expect(rowsOf(row).parse(null)).toEqual({ readable: [], missing: 0 });
    expect(rowsOf(row).safeParse({}).success).toBe(false);
  });

  it("of customers are malformed if none can be read", () => {
    expect(customerRowsOf(row).safeParse([{}]).success).toBe(false);
    expect(customerRowsOf(row).safeParse([]).success).toBe(true);
  });

  it("make nobody the only one if one is missing", () => {
    const of = (missing: number, ...ids: string[]) =>
      matchAmong({ readable: ids.map((id) => ({ id })), missing }, matching);
    expect(of(0, "1")).toMatchObject({ match: "one" });
    expect(of(1, "1")).toEqual({ match: "ambiguous" });
    expect(of(1)).toEqual({ match: "ambiguous" });
    expect(of(1, "1", "2")).toMatchObject({ together: { organisation: "Acme", exact: false } });
  });
});
