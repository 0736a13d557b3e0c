import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Asked,
  type CountryRow,
  countryTable,
  share,
  total,
} from "../test/support/numbers/country-table.ts";

const PAGE = new URL("../docs/reference/spellings.md", import.meta.url);

/** [pure] `docs/reference/spellings.md`, from what the country table's test measures. */
export function spellingsPage(rows: readonly CountryRow[]): string {
  const home = total(rows.map((row) => row.home));
  const abroad = total(rows.map((row) => row.abroad));
  const strangers = rows.reduce((all, row) => all + row.strangers.length, 0);
  return [...introduction, ...table(rows), ...totals(home, abroad, strangers), ""].join("\n");
}

const introduction = [
  "# How people store numbers",
  "",
  "Oracle keeps a telephone number as somebody typed it. A lookup asks for the E.164 form and for the forms in",
  "which people store the number: `src/domain/identity/spellings.ts`. `npm run docs` creates this page.",
  "",
  "## What a stored text means",
  "",
  "With `+`, a text is the number with that country code, if it is valid. Otherwise it is a valid number of a home",
  "country (`ORACLE_HOME_COUNTRIES`) that is written with these digits. Without `+`, the first of these counts:",
  "",
  "1. a valid national number of a home country, with or without its trunk and carrier prefix; beside it, the valid",
  "   number that the digits are with the country code of a home country;",
  "2. a valid number with its country code, also after `00` or an international prefix of a home country;",
  "3. a number of an old numbering plan (`src/domain/identity/numbering-plans.ts`), in the same order;",
  "4. a number of a possible length, in the same order.",
  "",
  "A text with two readings belongs to the home country's number alone: `phone:national`. If none of them is",
  "of a home country, it belongs to nobody. If both are, it may be either of them: in Germany `4915112345678` is",
  "a mobile number without its `+`, or one of Leer (0491) without its 0.",
  "",
  "Numbers that differ only by a changed numbering plan, or by Argentina's mobile 9, are one line.",
  "",
  "**Not verified.** `src/domain/identity/numbering-plans.ts` names the source of each changed plan. Those of Mexico,",
  "Mauritius, the United Kingdom, Ukraine and Argentina could not be read again here. No source was found for the new",
  "prefix of each operator's old numbers in Côte d'Ivoire.",
  "",
  "## How many forms are asked for",
  "",
  "For each region of libphonenumber: the forms of a mobile and of a fixed line example number, from Google's",
  "own formatters and from habits (`test/support/numbers/human-forms.ts`), and the share of them that a request asks",
  "for. A store that keeps digits is asked for 20 digit strings, Fusion for 24 texts, a gateway for 30.",
  "*Home*: stored in the country itself. *Abroad*: stored in another country, with the country code.",
  "*Strangers*: forms by which a caller would be shown somebody else, if Google's library reads them right.",
  "",
];

function table(rows: readonly CountryRow[]): readonly string[] {
  return [
    "| country | code | forms | digits | Fusion | gateway | forms abroad | digits | Fusion | gateway | strangers |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows.map(
      ({ country, code, home, abroad, strangers }) =>
        `| ${country} | ${code} | ${cells(home)} | ${cells(abroad)} | ${strangers.length} |`,
    ),
  ];
}

function totals(home: Asked, abroad: Asked, strangers: number): readonly string[] {
  return [`| all | | ${cells(home)} | ${cells(abroad)} | ${strangers} |`];
}

function cells(asked: Asked): string {
  const shares = [asked.digits, asked.fusion, asked.gateway].map((n) => `${share(n, asked)} %`);
  return [asked.forms, ...shares].join(" | ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, spellingsPage(countryTable()));
}
