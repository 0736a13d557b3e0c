import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
  type NumberingPlan,
} from "libphonenumber-js/max";
import type { HomeCountries } from "./rank.ts";

/** How people dial in the countries of a calling code. */
interface Dialling {
  readonly country: CountryCode | undefined;
  /** Patterns of the prefixes before an international number, for the beginning of a text. */
  readonly international: readonly string[];
  /** One usual prefix of each pattern. */
  readonly usual: readonly string[];
}

/** `00` is understood everywhere (ITU-T E.123 and E.164). */
const EVERYWHERE = "00";

/** Prefixes of national numbers beside the trunk prefix, the likeliest first. */
const furtherPrefixes: Readonly<Record<string, readonly string[]>> = {
  /** With a carrier's code (Anatel, "Código de Seleção de Prestadora"): Vivo, Claro, Oi, TIM. */
  "55": ["015", "021", "031", "041"],
  /** Between fixed and mobile networks until 2021 (CRC, Resolución 5826). */
  "57": ["03"],
  /** Lithuania's trunk prefix before 0; libphonenumber reads both. */
  "370": ["8"],
};

/** [pure] What people of a calling code write before national digits beside the trunk prefix. */
export function furtherPrefixesOf(code: string): readonly string[] {
  return furtherPrefixes[code] ?? [];
}

/** [pure] Patterns of the prefixes that replace `+` in texts of the home countries. */
export function internationalPrefixes(home: HomeCountries): readonly RegExp[] {
  const patterns = new Set([EVERYWHERE, ...home.flatMap((code) => diallingOf(code).international)]);
  return [...patterns].map((pattern) => new RegExp(`^(?:${pattern})`));
}

/** [pure] One usual prefix for each of {@link internationalPrefixes}. */
export function usualPrefixes(home: HomeCountries): readonly string[] {
  return [...new Set([EVERYWHERE, ...home.flatMap((code) => diallingOf(code).usual)])];
}

/** [pure] The international prefix that people of a region prefer among several, as `0011` in Australia. */
export function preferredPrefixOf(region: CountryCode): string | undefined {
  const plan = planOf(region);
  return plan && preferredIn(plan);
}

function preferredIn(plan: NumberingPlan): string | undefined {
  // The package answers 0 for some countries that have none.
  const preferred: unknown = plan.defaultIDDPrefix();
  return typeof preferred === "string" ? preferred.replace(/\D/g, "") : undefined;
}

/** [pure] The trunk prefix that people of a calling code write before national digits; empty if none. */
export function trunkPrefixOf(code: string, country: CountryCode | undefined): string {
  const region = country ?? diallingOf(code).country;
  if (region === undefined) return "";
  const before = trunkPrefixes.get(region);
  if (before !== undefined) return before;
  const plan = planOf(region);
  // The method is not in the package's types, and answers 0 for countries without a trunk prefix.
  const prefix: unknown =
    plan && "nationalPrefix" in plan && typeof plan.nationalPrefix === "function"
      ? plan.nationalPrefix()
      : undefined;
  const trunk = typeof prefix === "string" ? prefix : "";
  trunkPrefixes.set(region, trunk);
  return trunk;
}

/** Metadata only: bounded by the number of regions. */
const trunkPrefixes = new Map<CountryCode, string>();

/** Metadata only: bounded by the number of calling codes. */
const known = new Map<string, Dialling>();

function diallingOf(code: string): Dialling {
  const before = known.get(code);
  if (before !== undefined) return before;
  const countries = countriesOf(code);
  const international = new Set<string>();
  const usual = new Set<string>();
  for (const plan of countries.map(planOf)) {
    const pattern = plan?.IDDPrefix();
    if (!plan || !pattern) continue;
    international.add(pattern);
    const preferred = preferredIn(plan);
    const prefixes = preferred === undefined ? examplesOf(pattern) : [preferred];
    for (const prefix of prefixes) usual.add(prefix);
  }
  const [country] = countries;
  const dialling = { country, international: [...international], usual: [...usual] };
  known.set(code, dialling);
  return dialling;
}

function countriesOf(code: string): readonly CountryCode[] {
  return getCountries().filter((country) => getCountryCallingCode(country) === code);
}

function planOf(country: CountryCode) {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan;
}

/** Two prefixes that a pattern has: itself, or carriers' such as 001 and 0015. */
function examplesOf(pattern: string): readonly string[] {
  if (/^\d+$/.test(pattern)) return [pattern];
  const whole = new RegExp(`^(?:${pattern})$`);
  const carriers = ["0015", "0021"];
  const digits = Array.from({ length: 10 }, (_, digit) => `00${digit}`);
  return [...carriers, ...digits].filter((prefix) => whole.test(prefix)).slice(0, 2);
}
