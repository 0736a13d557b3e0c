import { describe, expect, it } from "vitest";
import {
  ambiguousHistory,
  isOnlyOrganisation,
} from "../../../../src/domain/history/organisation.ts";

describe("the name of an organisation is shown", () => {
  it.each([
    ["Acme", ["Ada Example", "Bob Example"], true],
    ["Acme", ["", ""], true],
    ["Sample & Sons", ["Sample", "Grace Hopper"], true],
    ["Ada Example", ["Ada Example", "Bob Example"], false],
    ["Example, Ada (private)", ["Ada Example", "Bob Example"], false],
    ["ADA EXAMPLE LTD", ["Ada Example"], false],
    ["\uff21da Example", ["Ada Example"], false],
    ["Cher", ["Cher"], false],
    ["Chercher", ["Cher"], true],
    ["M\u00fcller", ["Mu\u0308ller"], false],
  ])("%s, of %j: %s", (organisation, names, shown) => {
    expect(isOnlyOrganisation(organisation, names)).toBe(shown);
  });
});

it("an ambiguous history holds safe text, counts and no name", () => {
  const customers = [{ name: "Ada Example" }, { name: "Bob Example" }];
  const organisation = "Acme <b>office@acme.test</b>";
  const history = ambiguousHistory({ organisation, customers, exact: false }, ({ name }) => name, {
    count: 4,
    exact: true,
  });
  expect(history).toEqual({
    match: "ambiguous",
    organisation: {
      name: "Acme [email]",
      contacts: { count: 2, exact: false },
      // The cases of contacts that are missing are not counted either.
      openCases: { count: 4, exact: false },
    },
  });
});

it("without a common organisation there is nothing to show", () => {
  expect(ambiguousHistory(undefined, () => "")).toEqual({ match: "ambiguous" });
});
