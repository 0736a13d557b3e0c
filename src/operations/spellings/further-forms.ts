import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { E164 } from "../../domain/identity/identity.ts";
import type { HomeCountries } from "../../domain/identity/rank.ts";
import { type Spelling, spellingsOf } from "../../domain/identity/spellings.ts";

/**
 * Forms of a number that a live lookup does not ask for:
 * - `beyond`: forms beyond the size of the request;
 * - `national`: forms without the country code, of a number that is not of a home country.
 */
export type FormGroup = "beyond" | "national";

/** One group of further forms of one number. */
export interface FurtherForms {
  readonly group: FormGroup;
  /** The countries whose numbers may be stored without the code, for this group. */
  readonly home: HomeCountries;
  /** The forms of each lookup. Empty if {@link reserved}. */
  readonly lookups: readonly (readonly Spelling[])[];
  /**
   * The digits without the country code are a valid number of a home country: a match would be the
   * customer who has that number. Nothing is asked.
   */
  readonly reserved: boolean;
}

export interface FormsOptions {
  readonly home: HomeCountries;
  /** The most forms of one lookup. */
  readonly formsPerLookup: number;
}

/** [pure] The groups of further forms of a number, without those that are empty. */
export function furtherForms(
  number: E164,
  { home, formsPerLookup }: FormsOptions,
): readonly FurtherForms[] {
  // The E.164 form is in every lookup.
  const perLookup = Math.max(1, formsPerLookup - 1);
  const live = spellingsOf(number, home);
  const beyond = live.slice(perLookup);
  const parsed = parsePhoneNumberFromString(number);
  const code = parsed?.countryCallingCode;
  const abroad = code === undefined || home.includes(code) ? [] : [...home, code];
  const known = new Set(live.map(({ text }) => text));
  const national = (abroad.length === 0 ? [] : spellingsOf(number, abroad)).filter(
    ({ text, rank }) => rank === "national" && !known.has(text),
  );
  const reserved = isHomeNumber(
    [parsed?.nationalNumber ?? "", parsed?.formatNational().replace(/\D/g, "") ?? ""],
    home,
  );
  const groups: readonly FurtherForms[] = [
    { group: "beyond", home, lookups: chunks(beyond, perLookup), reserved: false },
    {
      group: "national",
      home: abroad,
      lookups: reserved ? [] : chunks(national, perLookup),
      reserved: abroad.length > 0 && reserved,
    },
  ];
  return groups.filter(({ lookups, reserved: isReserved }) => lookups.length > 0 || isReserved);
}

function isHomeNumber(nationals: readonly string[], home: HomeCountries): boolean {
  return home.some((code) =>
    nationals.some((digits) => parsePhoneNumberFromString(`+${code}${digits}`)?.isValid() ?? false),
  );
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
