import { type SafeText, safeText } from "./safe-text.ts";
import type { Case } from "./source.ts";

const LONGEST_SUBJECT = 80;
const LONGEST_WORD = 40;

/** A subject, name or account as it may be shown. */
export function shown(text: string): SafeText {
  return safeText(text, LONGEST_SUBJECT);
}

/** A status as it may be shown. */
export function shownWord(text: string): SafeText {
  return safeText(text, LONGEST_WORD);
}

/** {@link shown}, or undefined where there is nothing to show. */
export function shownIfAny(text: string | null | undefined): SafeText | undefined {
  return text ? shown(text) : undefined;
}

/** ISO 8601 to epoch ms; undefined where it is missing or unreadable. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** Undated cases come last. */
export function newestFirst(cases: readonly Case[]): Case[] {
  return cases.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

/** Whom an identity belongs to. */
export type Match<Found> =
  | { readonly match: "one"; readonly customer: Found }
  | { readonly match: "not_found" | "ambiguous" };

/**
 * The one customer among those found: the same one twice counts once, and a placeholder (`Unknown
 * Caller`, which telephone integrations create) is nobody.
 */
export function onlyOne<Found>(
  found: readonly Found[],
  idOf: (customer: Found) => string,
  placeholders: ReadonlySet<string>,
): Match<Found> {
  const customers = new Map(found.map((customer) => [idOf(customer), customer]));
  for (const id of placeholders) customers.delete(id);
  const [customer, another] = customers.values();
  if (customer === undefined) return { match: "not_found" };
  return another === undefined ? { match: "one", customer } : { match: "ambiguous" };
}
