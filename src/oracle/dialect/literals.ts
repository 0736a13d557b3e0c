import { Failure } from "../../domain/failure.ts";

/** More spellings would make the URL of the request too long and would find no further customer. */
const MOST_NUMBERS = 12;

/**
 * The digits under which Oracle may hold a number: as typed, with or without a country code or a trunk
 * prefix. First the digits of every spelling, then each with the site's own prefixes; no duplicates.
 */
export function rawNumbers(spellings: readonly string[], prefixes: readonly string[]): string[] {
  const [international = "", ...others] = spellings.map((text) => text.replace(/[^0-9]/g, ""));
  // No spelling is shorter than the national number without a trunk prefix.
  const national = others.reduce((a, b) => (b.length < a.length ? b : a), international);
  const prefixed = prefixes.flatMap((prefix) => [prefix + national, prefix + international]);
  const digits = new Set([international, ...others, ...prefixed]);
  return [...digits].filter((candidate) => /^[0-9]{6,15}$/.test(candidate)).slice(0, MOST_NUMBERS);
}

const EMAIL = /^[a-z0-9_+&=~#!$%.-]{1,64}@[a-z0-9.-]{1,189}$/;

/**
 * The address as a literal, with quotes doubled. It checks the allow-list again: a query must be safe
 * whatever built the identity.
 * @throws {Failure} `permanent` for an address outside the allow-list.
 */
export function emailLiteral(address: string): string {
  if (!EMAIL.test(address)) throw refusedQuery("an email address outside the allow-list");
  return `'${address.replaceAll("'", "''")}'`;
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
