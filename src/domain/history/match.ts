import { type EpochMs, epochMs } from "../time.ts";
import type { Case } from "./history.ts";
import { type SafeText, safeText } from "./safe-text.ts";

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

/**
 * ISO 8601 to epoch ms; undefined where it is missing or unreadable. A time without a zone is UTC, as
 * Oracle's are: never the zone of this machine.
 */
export function timeOf(text: string | null | undefined): EpochMs | undefined {
  const time = Date.parse(
    (text ?? "").replace(/(?<=\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/, "T$1Z"),
  );
  return Number.isNaN(time) ? undefined : epochMs(time);
}

/** Undated cases come last. */
export function newestFirst(cases: readonly Case[]): Case[] {
  return cases.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

/** Whom an identity belongs to. */
export type Match<Found> =
  | { readonly match: "one"; readonly customer: Found }
  | { readonly match: "not_found" | "ambiguous" };

/** What {@link onlyOne} goes by. */
export interface MatchOptions<Found> {
  readonly idOf: (customer: Found) => string;
  readonly nameOf: (customer: Found) => string;
  /** Ids and full names, lower case, of customers that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
  /** How many were asked for: where so many came, there may be more. */
  readonly limit: number;
}

/**
 * The one customer among those found: the same one twice counts once, and a placeholder (`Unknown
 * Caller`, which telephone integrations create) is nobody. Where placeholders and others fill the
 * page, somebody may have been cut off: that is ambiguous too.
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
