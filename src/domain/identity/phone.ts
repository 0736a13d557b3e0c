// Only with the `max` metadata is `isValid` strict enough to choose between two readings of digits
// without a `+`. They have 157 KB instead of 84 KB, and load as fast.
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { E164, Identity } from "./identity.ts";
import { currentNumber } from "./numbering-changes.ts";

/** A region with a numbering plan: ISO 3166-1 alpha-2, upper case. */
export type PhoneRegion = CountryCode;

/** [pure] The country calling code of a region, digits only. */
export function callingCodeOf(region: PhoneRegion): string {
  return getCountryCallingCode(region);
}

/** [pure] Whether `text` is a region with a numbering plan. */
export function isPhoneRegion(text: string): text is PhoneRegion {
  return isSupportedCountry(text);
}

/**
 * The source of a number. It decides how digits without a `+` are read:
 * - `whatsapp`: ids always begin with a country code. International; national only if no country has
 *   such a number.
 * - `sms`: carriers leave out the `+` or the country code. National first if the digits are a complete
 *   national number (`2025550123` in the US), otherwise international first (`442071838750` in Germany,
 *   whose national numbers begin with 0).
 * - `typed`: by a person or a telephone exchange. National first, unless the digits begin with the
 *   region's own country code.
 * For the last two, a valid reading takes precedence over one that is only possible.
 */
export type PhoneStyle = "whatsapp" | "sms" | "typed";

/**
 * [pure] The identity of the telephone number in `text`; undefined if no numbering plan has such a number.
 * Possible numbers are accepted too, because plans change faster than their metadata.
 */
export function phoneIdentity(
  text: string,
  region: PhoneRegion,
  style: PhoneStyle,
): Identity | undefined {
  const readings = present(...candidates(text.trim(), region, style).map(normalised));
  const valid = readings.find((number) => number.isValid());
  const best = style === "whatsapp" ? readings[0] : (valid ?? readings[0]);
  const number = best && e164(best.number);
  return best && number && { kind: "phone", number };
}

/**
 * The number without a zero or an old prefix that may still be in it, so that it has one key in caches;
 * undefined if the result is not stable or not possible.
 */
function normalised(number: PhoneNumber): PhoneNumber | undefined {
  const once = international(number.number);
  const twice = once?.number === number.number ? once : once && international(once.number);
  return once?.isPossible() && twice?.number === once.number ? once : undefined;
}

function candidates(text: string, region: PhoneRegion, style: PhoneStyle): PhoneNumber[] {
  if (text.startsWith("+")) return present(international(text));
  const national = read(text, region);
  // `00` is the usual international prefix. The plan knows a region's own prefix, such as 011.
  if (/^00[1-9]/.test(text)) return present(international(`+${text.slice(2)}`), national);
  // A number with separators or a leading 0 is national.
  if (!/^[1-9]\d+$/.test(text)) return present(national);
  const foreign = international(`+${text}`);
  return isInternationalFirst(text, national, region, style)
    ? present(foreign, national)
    : present(national, foreign);
}

function isInternationalFirst(
  digits: string,
  national: PhoneNumber | undefined,
  region: PhoneRegion,
  style: PhoneStyle,
): boolean {
  if (style === "whatsapp") return true;
  if (style === "typed") return digits.startsWith(getCountryCallingCode(region));
  return !(national?.isPossible() && national.formatNational().replace(/\D/g, "") === digits);
}

/** Reads an international number. WhatsApp keeps ids of numbering plans that have changed since. */
function international(text: string): PhoneNumber | undefined {
  const digits = text.replace(/\D/g, "");
  const current = currentNumber(digits);
  return read(current === digits ? text : `+${current}`);
}

function read(text: string, region?: PhoneRegion): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, {
    extract: false,
    ...(region && { defaultCountry: region }),
  });
}

function e164(text: string): E164 | undefined {
  return /^\+[1-9]\d{6,14}$/.test(text) ? (text as E164) : undefined;
}

function present(...readings: readonly (PhoneNumber | undefined)[]): PhoneNumber[] {
  return readings.filter((reading) => reading !== undefined);
}
