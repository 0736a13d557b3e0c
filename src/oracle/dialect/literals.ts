import { Failure } from "../../domain/failure.ts";

/** Further spellings would make the address of the request too long, and find nobody more. */
const MOST_NUMBERS = 12;

/**
 * Oracle holds the digits that somebody typed, with or without a country code or a trunk
 * prefix: the digits of every spelling, then the site's own prefixes, each once.
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
 * The allow-list once more, for a query must not depend on who made the identity; quotes doubled,
 * should the list ever let one in.
 */
export function emailLiteral(address: string): string {
  if (!EMAIL.test(address)) throw refusedQuery("an email address outside the allow-list");
  return `'${address.replaceAll("'", "''")}'`;
}

/** The failure of a query that is not sent, for it would not be the one that was meant. */
export function refusedQuery(what: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "event",
    message: `a query to Oracle was not sent: it would hold ${what}`,
    cure: "Look at the event's customer address: it may be an attack. Nothing reached Oracle.",
  });
}
