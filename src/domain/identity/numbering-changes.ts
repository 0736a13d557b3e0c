import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { type NumberingChange, numberingChanges } from "./numbering-plans.ts";

/** A number of an old plan, and how its digits differ from those of the current number. */
export interface FormerNumber {
  /** With the country code, without `+`. */
  readonly digits: string;
  /** After how many national digits the two numbers begin to differ. */
  readonly at: number;
  /** How many national digits of the current number are not in the former one. */
  readonly removed: number;
  /** The digits that the former number has in their place. */
  readonly inserted: string;
}

/**
 * [pure] The current number of a number of an old plan: `5215512345678` is `525512345678`. A number that
 * is valid today, or that no change explains, or that has several current numbers, stays as it is.
 * @param digits with the country code, without `+`; a trunk prefix may stand after the code
 */
export function currentNumber(digits: string): string {
  const changes = changesOf(digits);
  if (changes.length === 0 || isValid(digits)) return digits;
  const found = new Set<string>();
  for (const change of changes) {
    const current = replaced(digits, change);
    if (current !== undefined && isValid(current)) found.add(current);
  }
  const [only] = found;
  return only !== undefined && found.size === 1 ? only : digits;
}

/**
 * [pure] The numbers that a line had in older plans, the latest plan first. Only those whose current
 * number is again this one.
 * @param digits with the country code, without `+`
 */
export function formerNumbers(digits: string): readonly FormerNumber[] {
  return changesOf(digits).flatMap((change) => {
    const { code, area, former, current, rest } = change;
    const written = new RegExp(`^${code}(${area})${current}(${rest})$`).exec(digits);
    if (written === null) return [];
    const [, before = "", after = ""] = written;
    const old = `${code}${before}${former}${after}`;
    if (currentNumber(old) !== digits) return [];
    return [{ digits: old, at: before.length, removed: current.length, inserted: former }];
  });
}

function replaced(digits: string, change: NumberingChange): string | undefined {
  const { code, trunk, area, former, current, rest } = change;
  const written = new RegExp(`^${code}${trunk}(${area})${former}(${rest})$`).exec(digits);
  return written ? `${code}${written[1]}${current}${written[2]}` : undefined;
}

function changesOf(digits: string): readonly NumberingChange[] {
  return numberingChanges.filter(({ code }) => digits.startsWith(code));
}

function isValid(digits: string): boolean {
  return parsePhoneNumberFromString(`+${digits}`, { extract: false })?.isValid() ?? false;
}
