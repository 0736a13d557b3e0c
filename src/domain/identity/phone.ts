// The `max` metadata: only with it is `isValid` strict enough to decide between two readings of
// digits without a `+`. It is 157 KB instead of 84 KB, and loads as fast.
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { E164, Identity } from "./identity.ts";

/** A region whose numbering plan reads numbers without a country code: ISO 3166-1 alpha-2, upper case. */
export type PhoneRegion = CountryCode;

/** Whether `text` is a region that numbers can be read in. */
export function isPhoneRegion(text: string): text is PhoneRegion {
  return isSupportedCountry(text);
}

/**
 * Who wrote the number, which decides how bare digits without a `+` are read:
 * - `whatsapp`: ids that begin with a country code always. International, and national only where no
 *   country has such a number.
 * - `sms`: carriers leave out the `+` or the country code. National first where the digits are
 *   exactly what people write at home (`2025550123` in the US), else international first
 *   (`442071838750` in Germany, where a national number would begin with 0).
 * - `typed`: by a person or a telephone exchange. National first, except where the digits begin with
 *   the region's own country code.
 * For the last two, a reading that is valid in its numbering plan goes before one that is only possible.
 */
export type PhoneStyle = "whatsapp" | "sms" | "typed";

/**
 * The telephone number that `text` stands for, or undefined where no plan has such a number.
 * Possible numbers are accepted as well as valid ones: plans change faster than their metadata, a
 * caller who reached us has a number, and +1 555 019 9999, made up for examples, is not valid.
 */
export function phoneIdentity(
  text: string,
  region: PhoneRegion,
  style: PhoneStyle,
): Identity | undefined {
  const readings = present(...candidates(text.trim(), region, style).map(settled));
  const valid = readings.find((number) => number.isValid());
  const best = style === "whatsapp" ? readings[0] : (valid ?? readings[0]);
  const number = best && e164(best.number);
  return best && number && { kind: "phone", number, spellings: spellings(best) };
}

/**
 * A possible number in the one form that is read as itself again, so that it has one key in caches:
 * a zero or an old prefix of home may still be in it.
 */
function settled(number: PhoneNumber): PhoneNumber | undefined {
  const once = international(number.number);
  const twice = once?.number === number.number ? once : once && international(once.number);
  return once?.isPossible() && twice?.number === once.number ? once : undefined;
}

/**
 * Other ways that Oracle may store the same number, most likely first: digits with and without
 * country code (B2C Service keeps `RawNumber` as the digits that were typed), with the trunk prefix,
 * then as typed by people. Never the E.164 form itself, never twice the same.
 */
function spellings(number: PhoneNumber): string[] {
  const digits = number.number.slice(1);
  const national = number.formatNational();
  const all = [
    digits,
    number.nationalNumber,
    national.replace(/\D/g, ""),
    national,
    national.replace(/\D+/g, "-").replace(/^-/, ""),
    number.formatInternational(),
    `00${digits}`,
  ];
  return [...new Set(all)].filter((spelling) => spelling !== number.number);
}

function candidates(text: string, region: PhoneRegion, style: PhoneStyle): PhoneNumber[] {
  if (text.startsWith("+")) return present(international(text));
  const home = read(text, region);
  // `00` is dialled in most countries and typed in the others; a region's own prefix, such as 011,
  // is known to the plan.
  if (/^00[1-9]/.test(text)) return present(international(`+${text.slice(2)}`), home);
  // Separators or a leading 0 are how people write a number at home.
  if (!/^[1-9]\d+$/.test(text)) return present(home);
  const abroad = international(`+${text}`);
  return abroadFirst(text, home, region, style) ? present(abroad, home) : present(home, abroad);
}

function abroadFirst(
  digits: string,
  home: PhoneNumber | undefined,
  region: PhoneRegion,
  style: PhoneStyle,
): boolean {
  if (style === "whatsapp") return true;
  if (style === "typed") return digits.startsWith(getCountryCallingCode(region));
  return !(home?.isPossible() && home.formatNational().replace(/\D/g, "") === digits);
}

/**
 * WhatsApp keeps ids from before two numbering plans changed: Mexico dropped the 1 after 52, Brazil
 * put a 9 before mobile numbers (Gupshup support, "Inconsistencies for mobile numbers and their
 * WhatsApp IDs in Brazil and Mexico").
 */
function international(text: string): PhoneNumber | undefined {
  const digits = text.replace(/\D/g, "");
  const today = digits
    .replace(/^521(?=\d{10}$)/, "52")
    .replace(/^55(\d\d)([6-9]\d{7})$/, (_, area, rest) => `55${area}9${rest}`);
  return read(today === digits ? text : `+${today}`);
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
