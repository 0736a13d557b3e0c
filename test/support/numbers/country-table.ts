import type { E164 } from "../../../src/domain/identity/identity.ts";
import { spellingsOf } from "../../../src/domain/identity/spellings.ts";
import { createStoredReader, rankIn } from "../../../src/domain/identity/stored-number.ts";
import { lineOf } from "../../../src/domain/identity/subscriber-line.ts";
import { codeOf, examplesOf, lineOfGoogle, readingsOf, regions, validNumber } from "./google.ts";
import { type HumanForm, humanForms } from "./human-forms.ts";

/** How many digit strings B2C is asked for, and how many texts Fusion and a gateway are. */
const DIGITS = 20;
const FUSION = 24;
const GATEWAY = 30;

/** How many forms there are, and how many of them each kind of request asks for. */
export interface Asked {
  readonly forms: number;
  readonly digits: number;
  readonly fusion: number;
  readonly gateway: number;
}

export interface CountryRow {
  readonly country: string;
  readonly code: string;
  /** Stored in the country itself. */
  readonly home: Asked;
  /** Stored in another country, so without the national forms. */
  readonly abroad: Asked;
  /** Forms that mean somebody else than the number, and would show that person to the caller or back. */
  readonly strangers: readonly string[];
  /** Forms that mean the number alone, and would not show it. */
  readonly unread: readonly string[];
}

/** One row for each region of libphonenumber, from its example numbers. */
export function countryTable(): readonly CountryRow[] {
  return regions.map((country) => {
    const code = codeOf(country);
    const elsewhere = code === "1" ? "DE" : "US";
    const found = { strangers: [] as string[], unread: [] as string[] };
    return {
      country,
      code,
      home: measured(country, country, found),
      abroad: measured(country, elsewhere, found),
      ...found,
    };
  });
}

interface Found {
  readonly strangers: string[];
  readonly unread: string[];
}

function measured(country: string, from: string, found: Found): Asked {
  const home = [codeOf(from)];
  const sum = { forms: 0, digits: 0, fusion: 0, gateway: 0 };
  for (const number of examplesOf(country)) {
    const forms = humanForms(number, from);
    compare(number, forms, home, found);
    const texts = [number, ...spellingsOf(number as E164, home).map(({ text }) => text)];
    const digits = new Set([...new Set(texts.map(digitsOf))].slice(0, DIGITS));
    const stored = forms.filter(({ national }) => !national || country === from);
    sum.forms += stored.length;
    sum.digits += stored.filter(({ text }) => digits.has(digitsOf(text))).length;
    sum.fusion += asked(stored, texts.slice(0, FUSION));
    sum.gateway += asked(stored, texts.slice(0, GATEWAY));
  }
  return sum;
}

function asked(stored: readonly HumanForm[], texts: readonly string[]): number {
  return stored.filter(({ text }) => texts.includes(text)).length;
}

/** Compares what the product reads in each form with what Google's library reads. */
function compare(
  number: string,
  forms: readonly HumanForm[],
  home: readonly string[],
  { strangers, unread }: Found,
): void {
  const read = createStoredReader(home);
  const mine = lineOfGoogle(number);
  const extended = forms.map(({ text }) => `${text} ext. 12`);
  const neighbours = [`011${number.slice(1)}`, `0011 ${number.slice(1)}`];
  for (const text of [...forms.map((form) => form.text), ...extended, ...neighbours]) {
    const { home: atHome, coded } = readingsOf(text.replace(/ ext. 12$/, ""), home);
    const meant = new Set([...atHome, ...coded].map(lineOfGoogle));
    const readings = read(text);
    const shown = readings.filter(({ line }) => isSomebody(line) && !meant.has(line));
    if (meant.size > 0 && shown.length > 0) strangers.push(text);
    const rank = rankIn(readings, lineOf(number as E164));
    if (rank === undefined && meant.size === 1 && meant.has(mine)) unread.push(text);
  }
}

function isSomebody(line: string): boolean {
  return validNumber(line) !== undefined;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** The sum of rows. */
export function total(parts: readonly Asked[]): Asked {
  const sum = (key: keyof Asked) => parts.reduce((all, part) => all + part[key], 0);
  return {
    forms: sum("forms"),
    digits: sum("digits"),
    fusion: sum("fusion"),
    gateway: sum("gateway"),
  };
}

/** A share in whole per cent, rounded down: 100 is all of them. */
export function share(count: number, { forms }: Asked): number {
  return Math.floor((100 * count) / forms);
}
