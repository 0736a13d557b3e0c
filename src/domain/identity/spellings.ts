import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { E164 } from "./identity.ts";
import type { HomeCountries, Rank } from "./rank.ts";

/** A form in which Oracle may store a number. */
export interface Spelling {
  readonly text: string;
  /** How sure a match by this form is. */
  readonly rank: Rank;
}

/**
 * [pure] The forms in which people store a number, likeliest first, without its E.164 form and without
 * duplicates. Forms without the country code are there only if the number is one of the home countries.
 */
export function spellingsOf(number: E164, home: HomeCountries): readonly Spelling[] {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return [];
  const digits = number.slice(1);
  const text = parsed.formatNational();
  const exact = [digits, parsed.formatInternational(), `00${digits}`];
  const national = home.includes(parsed.countryCallingCode)
    ? [
        parsed.nationalNumber,
        text.replace(/\D/g, ""),
        text,
        text.replace(/\D+/g, "-").replace(/^-/, ""),
      ]
    : [];
  const all = [
    ...exact.map((one) => [one, "exact"] as const),
    ...national.map((one) => [one, "national"] as const),
  ];
  const distinct = new Map<string, Rank>();
  for (const [one, rank] of all) if (!distinct.has(one)) distinct.set(one, rank);
  return [...distinct].map(([one, rank]) => ({ text: one, rank })).filter((s) => s.text !== number);
}
