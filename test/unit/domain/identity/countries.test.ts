import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { spellingsPage } from "../../../../scripts/spellings-page.ts";
import {
  type CountryRow,
  countryTable,
  share,
  total,
} from "../../../support/numbers/country-table.ts";

/**
 * Where libphonenumber-js and Google's library differ about an example number. Zimbabwe's fixed line
 * `13 12345` is valid for Google and only possible for libphonenumber-js, so these digits are somebody
 * else's possible number first.
 */
const differences: Readonly<Record<string, readonly string[]>> = {
  ZW: ["2631312345", "263 13 12345", "2631312345 ext. 12", "263 13 12345 ext. 12"],
};

describe("the forms in which people store numbers", () => {
  let rows: readonly CountryRow[] = [];
  beforeAll(() => {
    rows = countryTable();
  });

  test("are there for every region of libphonenumber", () => {
    expect(rows.length).toBeGreaterThanOrEqual(245);
    expect(rows.filter(({ home }) => home.forms < 9)).toEqual([]);
  });

  test("never show a stranger", () => {
    expect(rows.flatMap(({ strangers }) => strangers)).toEqual([]);
  });

  test("are read as the number, if they mean the number alone", () => {
    const unread = rows.filter((row) => row.unread.length > 0);
    expect(
      Object.fromEntries(unread.map((row) => [row.country, [...new Set(row.unread)]])),
    ).toEqual(differences);
  });

  test("are all asked for where only their digits are stored", () => {
    for (const { home, abroad } of rows) {
      expect([home.digits, abroad.digits]).toEqual([home.forms, abroad.forms]);
    }
  });

  test("are nearly all asked for where their text is stored", () => {
    const home = total(rows.map((row) => row.home));
    const abroad = total(rows.map((row) => row.abroad));
    process.stdout.write(
      `${rows.length} regions; home: ${home.forms} forms, Fusion ${share(home.fusion, home)} %, gateway ` +
        `${share(home.gateway, home)} %; abroad: ${abroad.forms} forms, Fusion ` +
        `${share(abroad.fusion, abroad)} %, gateway ${share(abroad.gateway, abroad)} %\n`,
    );
    expect(share(home.fusion, home)).toBeGreaterThanOrEqual(92);
    expect(share(home.gateway, home)).toBeGreaterThanOrEqual(95);
    expect(share(abroad.fusion, abroad)).toBeGreaterThanOrEqual(94);
    const shares = rows.flatMap((row) =>
      [row.home, row.abroad].map((asked) => share(asked.gateway, asked)),
    );
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(60);
  });

  test("are counted in the page that `npm run docs` creates", () => {
    const page = new URL("../../../../docs/reference/spellings.md", import.meta.url);
    expect(
      readFileSync(page, "utf8"),
      "docs/reference/spellings.md is old: run `npm run docs`",
    ).toBe(spellingsPage(rows));
  });
});
