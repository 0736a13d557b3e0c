import { type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { furtherPrefixesOf, trunkPrefixOf, usualPrefixes } from "./dialling.ts";
import type { E164 } from "./identity.ts";
import { formerNumbers } from "./numbering-changes.ts";
import type { HomeCountries, Rank } from "./rank.ts";
import { createStoredReader, rankIn, type StoredReader } from "./stored-number.ts";
import { lineOf } from "./subscriber-line.ts";
import {
  changedGroups,
  internationalForms,
  nationalForms,
  type WrittenNumber,
} from "./written-forms.ts";

/** A form in which Oracle may store a number. */
export interface Spelling {
  readonly text: string;
  /** How sure a match by this form is. */
  readonly rank: Rank;
}

/** So many forms of the number as it is today come before those of its older numbers. */
const FIRST_FORMS = 8;

/**
 * [pure] The forms in which people store a number, likeliest first, without its E.164 form and without
 * duplicates. Each form is, as a text, this number and no other one: `rankOfStored` gives the same rank.
 * Forms without the country code are there only if the number is of a home country.
 *
 * A store that keeps only the digits is asked for the digits of the number and of these forms. Those are
 * all digits that a text of this number leaves, also those that are, without the `+`, the digits of a home
 * country's number (`+45 20304050` leaves `4520304050`). So each row of such a store must be ranked by the
 * text from which its digits come.
 * @param read a reader for the same countries, to share what it has read
 */
export function spellingsOf(
  number: E164,
  home: HomeCountries,
  read: StoredReader = createStoredReader(home),
): readonly Spelling[] {
  const line = lineOf(number);
  const distinct = new Map<string, Rank>();
  for (const text of formsOf(number, home)) {
    if (text === number || distinct.has(text)) continue;
    const rank = rankIn(read(text), line);
    if (rank !== undefined) distinct.set(text, rank);
  }
  return [...distinct].map(([text, rank]) => ({ text, rank }));
}

function formsOf(number: E164, home: HomeCountries): readonly string[] {
  const [today = [], ...others] = numbersOf(number).map((one) => formsOfOne(one, home));
  return [...today.slice(0, FIRST_FORMS), ...inTurn([today.slice(FIRST_FORMS), inTurn(others)])];
}

/** The number as it is today, then the other numbers of its line. */
function numbersOf(number: E164): readonly WrittenNumber[] {
  const other = otherArgentine(number);
  const today = [number, ...(other === undefined ? [] : [other])].flatMap((one) => {
    const parsed = parsePhoneNumberFromString(one, { extract: false });
    return parsed === undefined ? [] : [writtenNumber(parsed)];
  });
  return [...today, ...today.flatMap(formerOf)];
}

/** The numbers of older plans, in the groups of the current one. */
function formerOf(today: WrittenNumber): readonly WrittenNumber[] {
  const digits = today.code + today.international.join("");
  return formerNumbers(digits).map((change) => {
    const international = changedGroups(today.international, change);
    const national = withTrunk(today, international);
    return { ...today, international, national, formatted: undefined };
  });
}

/** The same line with or without the mobile 9; see {@link lineOf}. */
function otherArgentine(number: E164): string | undefined {
  if (/^\+549\d{10}$/.test(number)) return number.replace("+549", "+54");
  return /^\+54\d{10}$/.test(number) ? number.replace("+54", "+549") : undefined;
}

function writtenNumber(number: PhoneNumber): WrittenNumber {
  const code = number.countryCallingCode;
  const formatted = number.formatNational();
  return {
    code,
    trunk: trunkPrefixOf(code, number.country),
    international: groupsOf(number.formatInternational()).slice(1),
    national: groupsOf(formatted),
    formatted,
  };
}

function groupsOf(text: string): readonly string[] {
  return text.match(/\d+/g) ?? [];
}

/** Groups with the trunk prefix, if the current number is written with one. */
function withTrunk(
  { trunk, national, international: current }: WrittenNumber,
  international: readonly string[],
): readonly string[] {
  if (national.join("") !== trunk + current.join("")) return international;
  const [area = "", ...rest] = international;
  return national[0] === trunk ? [trunk, ...international] : [`${trunk}${area}`, ...rest];
}

function formsOfOne(number: WrittenNumber, home: HomeCountries): readonly string[] {
  const { code } = number;
  const abroad = home.filter((one) => one !== code);
  const prefixes = usualPrefixes(abroad).filter((prefix) => prefix !== "00");
  const exact = internationalForms(number, prefixes);
  if (!home.includes(code)) return exact;
  const national = nationalForms(number, furtherPrefixesOf(code));
  return [
    ...exact.slice(0, 1),
    ...national.slice(0, 2),
    ...inTurn([national.slice(2), exact.slice(1)]),
  ];
}

/** The first of each list, then the second of each, and so on. */
function inTurn(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
