import { Failure } from "../../domain/failure.ts";
import type { CustomerQuery } from "./customer-query.ts";

/** A query by telephone number. */
export type PhoneQuery = Extract<CustomerQuery, { kind: "phone" }>;
/** A query by email address. */
export type EmailQuery = Extract<CustomerQuery, { kind: "email" }>;

/** More forms would make the URL of the request too long and would find no further customer. */
const MOST_NUMBERS = 20;
/** Forms of one address: in ASCII, as it was typed, and one to spare. */
const MOST_ADDRESSES = 3;

/**
 * [pure] The digits under which Oracle may hold a number, likeliest first: as typed, with or without a
 * country code or a trunk prefix. First the digits of every form, then the number with the site's own
 * prefixes; no duplicates.
 */
export function rawNumbers(
  { number, spellings }: PhoneQuery,
  prefixes: readonly string[] = [],
): readonly string[] {
  const international = digitsOf(number);
  const forms = [international, ...spellings.map(({ text }) => digitsOf(text))];
  // The shortest of them has no trunk prefix.
  const [national] = spellings
    .filter(({ rank }) => rank === "national")
    .map(({ text }) => digitsOf(text))
    .toSorted((a, b) => a.length - b.length);
  const typed = national === undefined ? [international] : [national, international];
  const prefixed = prefixes.flatMap((prefix) => typed.map((digits) => prefix + digits));
  const few = [...new Set(forms)].filter(isNumber).slice(0, MOST_NUMBERS);
  return [...new Set([...few, ...prefixed.filter(isNumber)])];
}

/** [pure] The ASCII digits of a text. */
export function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, "");
}

function isNumber(digits: string): boolean {
  return /^[0-9]{6,19}$/.test(digits);
}

/**
 * [pure] The addresses to ask for: the ASCII one, then other spellings.
 * @param caseMatters whether spellings that differ in case alone are there, too
 */
export function addressesOf(
  { address, spellings }: EmailQuery,
  caseMatters = false,
): readonly string[] {
  const distinct = new Map<string, string>();
  for (const one of [address, ...spellings.filter(isAddress)]) {
    const key = caseMatters ? one : one.toLowerCase();
    if (!distinct.has(key)) distinct.set(key, one);
  }
  return [...distinct.values()].slice(0, MOST_ADDRESSES);
}

/** `atext` of RFC 5321, without the apostrophe. Quoted local parts may hold anything: not accepted. */
const ATEXT = "A-Za-z0-9!#$%&*+/=?^_`{|}~";
/**
 * Word characters of other scripts, without those that stand for a quote or hold one. ASCII is
 * not among them: a character must fit one alternative alone, or a check would take exponential time.
 */
const LETTER = String.raw`(?![\x00-\x7F\uA78B\uA78C\u0149])[\p{Ll}\p{Lu}\p{Lo}\p{M}\p{Nd}]`;
const EMAIL = new RegExp(`^[${ATEXT}'.-]{1,64}@(?:[A-Za-z0-9.-]|${LETTER}){1,189}$`, "u");

/** An email address as a literal, for last checks: a quote within it is doubled. Needs the flag `u`. */
export const EMAIL_LITERAL = `'(?:[${ATEXT}.@-]|''|${LETTER}){1,254}'`;

/**
 * The address as a literal, with quotes doubled. It checks the allow-list again: a query must be safe
 * whatever built the identity.
 * @throws {Failure} `permanent` for an address outside the allow-list.
 */
export function emailLiteral(address: string): string {
  if (!isAddress(address)) throw refusedQuery("an email address outside the allow-list");
  return `'${address.replaceAll("'", "''")}'`;
}

/** [pure] Whether a query can hold the address: a quoted local part (`"ada lovelace"@…`) has no literal. */
export function hasLiteral({ address }: EmailQuery): boolean {
  return isAddress(address);
}

/** A compatibility form may turn into a quote or a `;` in another character set, so it is checked, too. */
function isAddress(text: string): boolean {
  return text.length <= 254 && EMAIL.test(text) && EMAIL.test(text.normalize("NFKC"));
}

/** References of `reference.ts`, for last checks. */
export const REFERENCE_LITERAL = "'[A-Z0-9_-]{1,44}'";

/**
 * A reference as a literal.
 * @throws {Failure} `permanent` for a text outside the fixed alphabet.
 */
export function referenceLiteral(reference: string): string {
  if (!/^[A-Z0-9_-]{1,44}$/.test(reference)) throw refusedQuery("an odd reference");
  return `'${reference}'`;
}

/** The failure of a query that is not sent because it would hold something unexpected. */
export function refusedQuery(what: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "event",
    message: `a query to Oracle was not sent: it would hold ${what}`,
    cure: "Check the customer address in the event: it may be an attack. Oracle received nothing.",
  });
}
