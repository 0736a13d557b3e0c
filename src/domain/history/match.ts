import { type EpochMs, epochMs } from "../time.ts";
import type { Case } from "./history.ts";
import { type SafeText, safeText } from "./safe-text.ts";

const LONGEST_SUBJECT = 80;
const LONGEST_WORD = 40;

/** [pure] A subject, name or account as safe text. */
export function shown(text: string): SafeText {
  return safeText(text, LONGEST_SUBJECT);
}

/** [pure] A status as safe text. */
export function shownWord(text: string): SafeText {
  return safeText(text, LONGEST_WORD);
}

/** [pure] {@link shown}, or undefined if there is no text. */
export function shownIfAny(text: string | null | undefined): SafeText | undefined {
  return text ? shown(text) : undefined;
}

/**
 * [pure] Reads an ISO 8601 time; undefined if missing or unreadable. A time without a zone is UTC, as in
 * Oracle, not in the zone of this machine.
 */
export function timeOf(text: string | null | undefined): EpochMs | undefined {
  const time = Date.parse(
    (text ?? "").replace(/(?<=\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/, "T$1Z"),
  );
  return Number.isNaN(time) ? undefined : epochMs(time);
}

/** [pure] Cases without a time come last. */
export function newestFirst(cases: readonly Case[]): Case[] {
  return cases.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

/** The customer that an identity belongs to. */
export type Match<Found> =
  | { readonly match: "one"; readonly customer: Found }
  | { readonly match: "not_found" | "ambiguous" };

export interface MatchOptions<Found> {
  readonly idOf: (customer: Found) => string;
  readonly nameOf: (customer: Found) => string;
  /** Ids and full names, in lower case, of placeholder customers. */
  readonly placeholders: ReadonlySet<string>;
  /** The page size of the query: a full page may not be complete. */
  readonly limit: number;
}

/**
 * [pure] The one customer among those found. Duplicates count once. Placeholders (`Unknown Caller`,
 * which telephone integrations create) do not count. If placeholders and others fill the page, another
 * customer may be missing from it, so the match is ambiguous.
 */
export function onlyOne<Found>(
  found: readonly Found[],
  matching: MatchOptions<Found>,
): Match<Found> {
  const { idOf, nameOf, placeholders, limit } = matching;
  const customers = new Map(found.map((one) => [idOf(one), one]));
  const [customer, another] = [...customers.values()].filter(
    (one) =>
      !placeholders.has(idOf(one).toLowerCase()) && !placeholders.has(nameOf(one).toLowerCase()),
  );
  const cutOff = found.length >= limit && customers.size > 1;
  if (another !== undefined || cutOff) return { match: "ambiguous" };
  return customer === undefined ? { match: "not_found" } : { match: "one", customer };
}
