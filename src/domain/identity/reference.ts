import type { Reference } from "./identity.ts";

/**
 * [pure] The reference in a text that a caller typed or a flow collected: an account, customer or case
 * number. It is in upper case, without white space. Undefined if it is anything but 3 to 40
 * letters, digits and `-` or `_` between them: the reference becomes part of a query to Oracle.
 */
export function readReference(text: string | undefined): Reference | undefined {
  const reference = (text ?? "").normalize("NFKC").replace(/\s/g, "").toUpperCase();
  return /^(?=.{3,40}$)[A-Z0-9]+(?:[-_][A-Z0-9]+)*$/.test(reference)
    ? (reference as Reference)
    : undefined;
}

/** [pure] A reference for the log: its last two characters. */
export function maskedReference(reference: Reference): string {
  return `#…${reference.slice(-2)}`;
}
