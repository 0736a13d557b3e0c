// Only with the `max` metadata is `isValid` strict enough to choose between two readings of digits
// without a `+`. They have 157 KB instead of 84 KB, and load as fast.
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { preferredPrefixOf, usualPrefixes } from "./dialling.ts";
import type { E164, Identity } from "./identity.ts";
import { currentNumber } from "./numbering-changes.ts";

/** A region with a numbering plan: ISO 3166-1 alpha-2, upper case. */
export type PhoneRegion = CountryCode;

/** [pure] The country calling code of a region, digits only. */
export function callingCodeOf(region: PhoneRegion): string {
  return getCountryCallingCode(region);
}

/** [pure] Whether `text` is the country calling code of a region, digits only. */
export function isCallingCode(text: string): boolean {
  return getCountries().some((region) => getCountryCallingCode(region) === text);
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
 * - `global`: its own context names the country code (RFC 3966). International, and nothing else.
 * For `sms` and `typed`, a valid reading takes precedence over one that is only possible, even over the `+`
 * of a carrier that puts it before national numbers.
 */
export type PhoneStyle = "whatsapp" | "sms" | "typed" | "global";

/**
 * [pure] The identity of the telephone number in `text`, as `number-text.ts` gives it; undefined if no numbering plan has such a number.
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
  if (text.startsWith("+")) return withPlus(text, region, style);
  const digits = digitsOf(text);
  const national = read(digits, region);
  // `00` is the usual international prefix. The plan knows a region's own prefix, such as 011.
  if (/^00[1-9]/.test(digits)) return behindZeros(text, national, region);
  const others = /^011[1-9]/.test(digits) ? abroad(text.replace(/^\D*0\D*1\D*1/, "")) : [];
  // Only international numbers have their trunk prefix in brackets after the first digits: `44 (0)20…`.
  if (/^\d{1,3} ?\(0\)/.test(text)) others.push(...abroad(text));
  const last = others.filter((number) => number.isValid());
  // A number with separators or a leading 0 is national.
  if (!/^[1-9]\d+$/.test(text)) return [...present(national), ...last];
  const foreign = international(`+${text}`);
  return isInternationalFirst(text, national, region, style)
    ? present(foreign, national)
    : present(national, foreign);
}

/**
 * The readings of digits after `00`. A usual prefix of the region may begin with 00, too: 0011 in Australia, 001 and
 * 002 in Korea. If nothing separates the 00 and the digits are two valid numbers, they are the one after the prefix
 * that the region prefers, otherwise nobody's.
 */
function behindZeros(
  text: string,
  national: PhoneNumber | undefined,
  region: PhoneRegion,
): PhoneNumber[] {
  const usual = abroad(text.replace(/^\D*0\D*0/, ""));
  const readings = [...usual, ...present(national)];
  const other = usual.find((number) => number.isValid());
  if (other === undefined || !national?.isValid() || other.number === national.number) {
    return readings;
  }
  const home = getCountryCallingCode(region);
  const isHome = [other, national].some(({ countryCallingCode }) => countryCallingCode === home);
  const begins = (prefix: string) => prefix !== "00" && digitsOf(text).startsWith(prefix);
  if (isHome || /^\D*0\D*0\D/.test(text) || !usualPrefixes([home]).some(begins)) return readings;
  return begins(preferredPrefixOf(region) ?? "00") ? [national] : [];
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/**
 * A `+` may stand before an international prefix, or before a national number. An international number that
 * is not valid is preferred only if it is complete and the other reading is not in national form.
 */
function withPlus(text: string, region: PhoneRegion, style: PhoneStyle): PhoneNumber[] {
  const written = abroad(text);
  if (style === "global" || written.some((number) => number.isValid())) return written;
  const digits = digitsOf(text);
  const [, prefixed] = /^(?:00|011)([1-9]\d*)$/.exec(digits) ?? [];
  const behindPrefix = prefixed === undefined ? [] : abroad(prefixed);
  const national = present(read(digits, region)).filter(
    (number) => number.isValid() || number.countryCallingCode !== getCountryCallingCode(region),
  );
  return written.some(isComplete) && !national.some((number) => isNationalForm(number, digits))
    ? written
    : [...written, ...behindPrefix, ...national];
}

/** The readings of a number with its country code; without a trunk prefix in brackets if it has one. */
function abroad(text: string): PhoneNumber[] {
  const numbers = text.includes("(0)") ? [text, text.replace("(0)", "")] : [text];
  return present(...numbers.map((one) => international(`+${one.replace(/\D/g, "")}`)));
}

/** Whether the number has the only length of its country, so that it may be newer than the metadata. */
function isComplete(number: PhoneNumber): boolean {
  const [country] = number.getPossibleCountries();
  if (country === undefined) return false;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan?.possibleLengths().length === 1;
}

/** Whether people write the number with these digits in its own country. */
function isNationalForm(number: PhoneNumber, digits: string): boolean {
  return number.formatNational().replace(/\D/g, "") === digits;
}

function isInternationalFirst(
  digits: string,
  national: PhoneNumber | undefined,
  region: PhoneRegion,
  style: PhoneStyle,
): boolean {
  if (style === "whatsapp") return true;
  if (style === "typed") return digits.startsWith(getCountryCallingCode(region));
  return !(national?.isPossible() && isNationalForm(national, digits));
}

/** Reads an international number. WhatsApp keeps ids of numbering plans that have changed since. */
function international(text: string): PhoneNumber | undefined {
  const digits = digitsOf(text);
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
