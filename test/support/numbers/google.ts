import google, { type PhoneNumber } from "google-libphonenumber";

/** Google's own library: an oracle that shares no code with the product's libphonenumber-js. */
const util = google.PhoneNumberUtil.getInstance();
const { FROM_DEFAULT_COUNTRY, FROM_NUMBER_WITHOUT_PLUS_SIGN } =
  google.PhoneNumber.CountryCodeSource;
const { E164 } = google.PhoneNumberFormat;

/** What a stored text may mean, as E.164 numbers. */
export interface GoogleReadings {
  /** Valid numbers of home countries, without a country code in the text. */
  readonly home: ReadonlySet<string>;
  /** Valid numbers whose country code is in the text. */
  readonly coded: ReadonlySet<string>;
}

export const regions: readonly string[] = util.getSupportedRegions().toSorted();

export function codeOf(region: string): string {
  return String(util.getCountryCodeForRegion(region));
}

export function regionOf(code: string): string {
  return util.getRegionCodeForCountryCode(Number(code));
}

export function validNumber(text: string, region?: string): string | undefined {
  const number = parsed(text, region);
  return number && util.isValidNumber(number) ? util.format(number, E164) : undefined;
}

/** The example numbers of a region that are valid: a mobile and a fixed line. */
export function examplesOf(region: string): readonly string[] {
  const { MOBILE, FIXED_LINE } = google.PhoneNumberType;
  const examples = [MOBILE, FIXED_LINE]
    .map((type) => util.getExampleNumberForType(region, type))
    .filter((number): number is PhoneNumber => number !== null && util.isValidNumber(number))
    .map((number) => util.format(number, E164));
  return [...new Set(examples)];
}

/**
 * Every valid reading of a text that people of these calling codes stored. After a `+`, a national number
 * counts only if its country writes it with these digits.
 */
export function readingsOf(text: string, home: readonly string[]): GoogleReadings {
  const digits = text.replace(/\D/g, "");
  const atHome = () => home.map((code) => nationalNumber(digits, regionOf(code)));
  if (text.trimStart().startsWith("+")) {
    const coded = validNumber(text);
    const asWritten = () =>
      atHome().filter((number) => number && nationalDigits(number) === digits);
    return coded === undefined ? readings(asWritten(), []) : readings([], [coded]);
  }
  const coded = [
    validNumber(`+${digits}`),
    digits.startsWith("00") ? validNumber(`+${digits.slice(2)}`) : undefined,
    ...home.map((code) => codedNumber(digits, regionOf(code))),
  ];
  return readings(atHome(), coded);
}

function nationalDigits(number: string): string {
  return util.format(util.parse(number), google.PhoneNumberFormat.NATIONAL).replace(/\D/g, "");
}

function readings(
  home: readonly (string | undefined)[],
  coded: readonly (string | undefined)[],
): GoogleReadings {
  const present = (texts: readonly (string | undefined)[]) =>
    new Set(texts.filter((text) => text !== undefined));
  return { home: present(home), coded: present(coded) };
}

/** The valid number whose national digits, with or without a trunk or carrier prefix, these are. */
function nationalNumber(digits: string, region: string): string | undefined {
  const number = parsed(digits, region);
  const source = number?.getCountryCodeSource();
  // In North America the trunk prefix is the country code.
  const isTrunk =
    source === FROM_NUMBER_WITHOUT_PLUS_SIGN &&
    util.getNddPrefixForRegion(region, true) === codeOf(region);
  return number && (source === FROM_DEFAULT_COUNTRY || isTrunk) && util.isValidNumber(number)
    ? util.format(number, E164)
    : undefined;
}

/** The valid number after the region's international prefix or its own country code. */
function codedNumber(digits: string, region: string): string | undefined {
  const number = parsed(digits, region);
  return number &&
    number.getCountryCodeSource() !== FROM_DEFAULT_COUNTRY &&
    util.isValidNumber(number)
    ? util.format(number, E164)
    : undefined;
}

/** The library throws for a text that is no number at all. */
function parsed(text: string, region?: string): PhoneNumber | undefined {
  try {
    return util.parseAndKeepRawInput(text, region);
  } catch {
    return undefined;
  }
}

/** One line for both forms of an Argentine mobile number. */
export function lineOfGoogle(number: string): string {
  return number.replace(/^\+549(?=\d{10}$)/, "+54");
}
