import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wings } from "../../support/architecture/map.ts";

const page = readFileSync(
  new URL("../../../docs/explanation/architecture.md", import.meta.url),
  "utf8",
);

/** The cells of the rows that begin with a wing's name: wing, purpose, imports. */
const rows = new Map(
  page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .flatMap(([, name = "", purpose = "", imports = ""]) => {
      const [, wing] = /^`(\w+)`$/.exec(name) ?? [];
      return wing === undefined ? [] : [[wing, { purpose, imports }] as const];
    }),
);
const [, picture = ""] = page.slice(page.indexOf("## The wings")).split("```");

describe("docs/explanation/architecture.md", () => {
  it("has one row for each wing of the map, in the order of the map", () => {
    expect([...rows.keys()]).toEqual(Object.keys(wings));
    const withoutPurpose = [...rows].filter(([, { purpose }]) => purpose === "");
    expect(withoutPurpose).toEqual([]);
  });

  it.each(Object.entries(wings))("names the imports of %s as the map does", (name, wing) => {
    const named = [...(rows.get(name)?.imports ?? "").matchAll(/`(\w+)`/g)].map(([, to]) => to);
    expect(named).toEqual(wing.imports);
  });

  it("draws every wing", () => {
    const drawn = new Set(picture.match(/\w+/g));
    expect(Object.keys(wings).filter((name) => !drawn.has(name))).toEqual([]);
  });
});
