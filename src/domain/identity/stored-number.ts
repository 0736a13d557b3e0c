import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { internationalPrefixes, trunkPrefixOf } from "./dialling.ts";
import type { E164 } from "./identity.ts";
import { currentNumber } from "./numbering-changes.ts";
import type { HomeCountries, Rank } from "./rank.ts";
import { readStoredText } from "./stored-text.ts";
import { type Line, lineOf, lineOfCurrent } from "./subscriber-line.ts";

/** A line that a stored text may mean. */
export interface Reading {
  readonly line: Line;
  readonly rank: Rank;
}

/** Reads stored texts for the home countries of a site. It keeps what it has read. */
export type StoredReader = (stored: string) => readonly Reading[];

/**
 * [pure] How sure it is that a stored text is this number; undefined if it is another number, or nobody
 * can tell. The text is read as {@link createStoredReader} says.
 */
export function rankOfStored(stored: string, number: E164, home: HomeCountries): Rank | undefined {
  return rankIn(createStoredReader(home)(stored), lineOf(number));
}

/** [pure] The rank of a line among readings. */
export function rankIn(readings: readonly Reading[], line: Line): Rank | undefined {
  return readings.find((reading) => reading.line === line)?.rank;
}

/**
 * [pure] Creates a reader of stored texts. A text has more than one reading only if it has several valid
 * numbers of home countries.
 *
 * With `+`: the number with that country code, if it is valid. Otherwise a valid number of a home country
 * that is written with these digits: some exchanges put `+` before national numbers.
 *
 * Without `+`, the first of these that there is:
 * 1. the valid national numbers of the home countries, with or without trunk and carrier prefixes, and, beside
 *    them, the valid number with the country code of a home country (`4915112345678` in Germany, where 0491 is
 *    an area code, too). Nobody abroad has the text, whatever its digits mean with another country code;
 * 2. the valid number with a country code, also after `00` or an international prefix of a home country.
 *    If two such numbers are valid, the one of a home country, otherwise nobody;
 * 3. the same two for numbers of old numbering plans;
 * 4. the same two for numbers of a possible length: plans change faster than their metadata.
 *
 * `exact` is a reading with the country code. A national reading is `exact` too, if the digits with a country
 * code are the same number and no other one (`12025550123` in the US).
 */
export function createStoredReader(home: HomeCountries): StoredReader {
  const prefixes = internationalPrefixes(home);
  const known = new Map<string, readonly Reading[]>();
  return (stored) => {
    const { plus, digits, withoutZero } = readStoredText(stored);
    const texts = withoutZero === undefined ? [digits] : [digits, withoutZero];
    const key = `${plus ? "+" : ""}${texts.join()}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const readings = plus ? readPlus(texts, home, prefixes) : readBare(texts, home, prefixes);
    known.set(key, readings);
    return readings;
  };
}

function readPlus(texts: readonly string[], home: HomeCountries, prefixes: readonly RegExp[]) {
  const foreign = texts.flatMap((text) => withCountryCode(text, prefixes));
  const national = texts.flatMap((text) => home.map((code) => code + text));
  return (
    first(foreign.map(valid), "exact") ??
    all(
      texts.flatMap((text) => home.map((code) => validAsWritten(code, text))),
      [],
    ) ??
    first(foreign.map(old), "exact") ??
    first(foreign.map(possible), "exact") ??
    all(national.map(possible), []) ??
    []
  );
}

function readBare(texts: readonly string[], home: HomeCountries, prefixes: readonly RegExp[]) {
  for (const read of [valid, old, possible]) {
    for (const text of texts) {
      const codes = withCountryCode(text, prefixes).map(read);
      const national = present(home.map((code) => read(code + text)));
      const own = national.length > 0 ? present(codes).filter((line) => isOf(line, home)) : [];
      const found = all([...national, ...own], codes) ?? only(codes, home);
      if (found !== undefined) return found;
    }
  }
  return [];
}

/** Digits that may begin with a country code: the text itself, and the text after `00` and the like. */
function withCountryCode(digits: string, prefixes: readonly RegExp[]): readonly string[] {
  const after = prefixes.flatMap((prefix) => {
    const found = prefix.exec(digits)?.[0];
    return found === undefined ? [] : [digits.slice(found.length)];
  });
  return [...new Set([digits, ...after])];
}

/**
 * Every line, each once. The only line is `exact` if it is also the only one of those with a country code.
 */
function all(
  lines: readonly (Line | undefined)[],
  codes: readonly (Line | undefined)[],
): readonly Reading[] | undefined {
  const found = [...new Set(present(lines))];
  if (found.length === 0) return undefined;
  const [code, another] = [...new Set(present(codes))];
  const exact = found.length === 1 && another === undefined && code === found[0];
  return found.map((line) => ({ line, rank: exact ? "exact" : "national" }));
}

function first(lines: readonly (Line | undefined)[], rank: Rank): readonly Reading[] | undefined {
  const line = lines.find((one) => one !== undefined);
  return line === undefined ? undefined : [{ line, rank }];
}

/**
 * The only line. Of several ones, the only one of a home country, which is not sure; otherwise nobody.
 * Undefined if there is none.
 */
function only(
  lines: readonly (Line | undefined)[],
  home: HomeCountries,
): readonly Reading[] | undefined {
  const found = [...new Set(present(lines))];
  const [line, another] = found;
  if (line === undefined) return undefined;
  if (another === undefined) return [{ line, rank: "exact" }];
  const atHome = found.filter((one) => isOf(one, home));
  return atHome.length === 1 ? atHome.map((one) => ({ line: one, rank: "national" })) : [];
}

function isOf(line: Line, countries: HomeCountries): boolean {
  return countries.some((code) => line.startsWith(`+${code}`));
}

function present(lines: readonly (Line | undefined)[]): readonly Line[] {
  return lines.filter((line) => line !== undefined);
}

/** @param digits a country code, then national digits with or without a trunk or carrier prefix */
function parsed(digits: string) {
  const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  if (number === undefined || number.isValid()) return number;
  // The library takes 03 of Colombia's 0 321 1234567 for a carrier prefix.
  const code = number.countryCallingCode;
  const trunk = trunkPrefixOf(code, number.country);
  if (trunk === "" || !digits.startsWith(code + trunk)) return number;
  const rest = digits.slice(code.length + trunk.length);
  const without = parsePhoneNumberFromString(`+${code}${rest}`, { extract: false });
  return without?.isValid() && without.nationalNumber === rest ? without : number;
}

function valid(digits: string): Line | undefined {
  const number = parsed(digits);
  return number?.isValid() ? lineOfCurrent(number.number.slice(1)) : undefined;
}

function old(digits: string): Line | undefined {
  const current = currentNumber(digits);
  return current === digits ? undefined : lineOfCurrent(current);
}

function possible(digits: string): Line | undefined {
  const number = parsed(digits);
  return number?.isPossible() ? lineOfCurrent(number.number.slice(1)) : undefined;
}

function validAsWritten(code: string, digits: string): Line | undefined {
  const number = parsed(code + digits);
  if (!number?.isValid() || number.formatNational().replace(/\D/g, "") !== digits) return undefined;
  return lineOfCurrent(number.number.slice(1));
}
