import { describe, expect, it } from "vitest";
import type { E164 } from "../../../../src/domain/identity/identity.ts";
import { spellingsOf } from "../../../../src/domain/identity/spellings.ts";
import { furtherForms } from "../../../../src/operations/spellings/further-forms.ts";

const forms = (number: string, home: readonly string[], formsPerLookup = 20) =>
  furtherForms(number as E164, { home, formsPerLookup });

describe("further forms of a number", () => {
  it("of a home country are those beyond the request alone", () => {
    expect(forms("+4930123456", ["49"], 100)).toEqual([]);
    const live = spellingsOf("+4930123456" as E164, ["49"]);
    const [beyond, ...others] = forms("+4930123456", ["49"], 3);
    expect(others).toEqual([]);
    expect(beyond).toMatchObject({ group: "beyond", home: ["49"], reserved: false });
    expect(beyond?.lookups.flat()).toEqual(live.slice(2));
    expect(beyond?.lookups.every((lookup) => lookup.length <= 2)).toBe(true);
  });

  it("of another country are its national forms, which no live lookup asks for", () => {
    const [national, ...others] = forms("+436641234567", ["1"], 100);
    expect(others).toEqual([]);
    expect(national).toMatchObject({ group: "national", home: ["1", "43"], reserved: false });
    const texts = national?.lookups.flat().map(({ text }) => text) ?? [];
    expect(texts).toContain("6641234567");
    expect(texts).toContain("06641234567");
    const live = spellingsOf("+436641234567" as E164, ["1"]).map(({ text }) => text);
    expect(texts.filter((text) => live.includes(text))).toEqual([]);
  });

  it.each([
    ["+4720304050", "45"],
    ["+912025550123", "1"],
    ["+61255501234", "33"],
  ])("%s are left out if a home country, %s, has the same national digits", (number, code) => {
    expect(forms(number, [code], 100)).toMatchObject([
      { group: "national", lookups: [], reserved: true },
    ]);
  });

  it("of a number of no country are none", () => {
    expect(forms("+88213300655", ["1"], 100).filter(({ group }) => group === "beyond")).toEqual([]);
  });
});
