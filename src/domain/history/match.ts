import { type Rank, ranks } from "../identity/rank.ts";
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

/** ISO 8601 as APIs write it. The zone may lack its colon; a date may have no time. */
const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:[.,]\d+)?)? ?(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d)?)?)?$/i;
/** The date of a mail or an HTTP header (RFC 5322, RFC 9110), which has its zone. */
const MAIL_DATE = /^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} [\d:]{5,8} (?:GMT|UTC|[+-]\d{4})$/i;
/** Numbers below are seconds since 1970, others are ms: in ms this is the year 1973. */
const FIRST_MS = 100_000_000_000;
/** In seconds, this is the year 2001. A smaller number is something else. */
const FIRST_SECONDS = 1_000_000_000;

/**
 * [pure] Reads a time: ISO 8601, a mail's date, or the seconds or ms since 1970; undefined if it is
 * missing or unreadable. A time without a zone is UTC, as in Oracle, not in the zone of this machine.
 * A date that may be read in two ways (`01/05/2026`) is unreadable.
 */
export function timeOf(value: unknown): EpochMs | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  const time = ISO.test(text) ? isoTime(text) : otherTime(text);
  return Number.isNaN(time) ? undefined : epochMs(time);
}

function isoTime(text: string): number {
  const [, year, month, day, minutes, seconds = "", , hours, zoneMinutes = "00"] =
    ISO.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  if (minutes === undefined) return Date.parse(date);
  const zone = hours === undefined ? "Z" : `${hours}:${zoneMinutes}`;
  return Date.parse(`${date}T${minutes}${seconds.replace(",", ".")}${zone}`);
}

function otherTime(text: string): number {
  if (MAIL_DATE.test(text)) return Date.parse(text);
  const amount = /^\d{9,14}(?:\.\d+)?$/.test(text) ? Math.floor(Number(text)) : Number.NaN;
  if (amount >= FIRST_MS) return amount;
  return amount >= FIRST_SECONDS ? amount * 1000 : Number.NaN;
}

/** [pure] Cases without a time come last. */
export function newestFirst(cases: readonly Case[]): Case[] {
  return cases.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

/** Several customers who belong to one organisation. */
export interface Together<Found> {
  readonly organisation: string;
  readonly customers: readonly Found[];
  /** False if there may be more of them. */
  readonly exact: boolean;
}

/** The customer that an identity belongs to. */
export type Match<Found> =
  | { readonly match: "one"; readonly customer: Found; readonly rank: Rank }
  | { readonly match: "not_found" }
  | {
      readonly match: "ambiguous";
      /** Set if all customers are of one organisation. */
      readonly together?: Together<Found> | undefined;
    };

export interface MatchOptions<Found> {
  readonly idOf: (customer: Found) => string;
  readonly nameOf: (customer: Found) => string;
  /** How sure the match is; undefined if the customer has another number. */
  readonly rankOf: (customer: Found) => Rank | undefined;
  readonly organisationOf: (customer: Found) => string | undefined;
  /** Whether Oracle marks the customer as not in use. Counts only if nobody else matches. */
  readonly isDisabled?: (customer: Found) => boolean;
  /** Ids and full names, in lower case, of placeholder customers. */
  readonly placeholders: ReadonlySet<string>;
  /** The page size of the query: a full page may not be complete. */
  readonly limit: number;
}

/**
 * [pure] The one customer who matches best. Several rows of a customer count as one, by the best of
 * their ranks. Placeholders (`Unknown Caller`, which telephone integrations create) do not count. Several
 * customers of the best rank are ambiguous; so is a full page with several customers, because a further
 * one may be missing from it.
 */
export function bestMatch<Found>(
  found: readonly Found[],
  matching: MatchOptions<Found>,
): Match<Found> {
  const ranked = rankedCustomers(found, matching);
  const inUse = ranked.filter(({ customer }) => !(matching.isDisabled?.(customer) ?? false));
  const customers = inUse.length > 0 ? inUse : ranked;
  const [best = []] = ranks
    .map((rank) => customers.filter((one) => one.rank === rank))
    .filter((tier) => tier.length > 0);
  const exact = found.length < matching.limit || new Set(found.map(matching.idOf)).size === 1;
  const [only, another] = best;
  if (only === undefined) return { match: exact ? "not_found" : "ambiguous" };
  if (another === undefined) {
    return exact
      ? { match: "one", customer: only.customer, rank: only.rank }
      : { match: "ambiguous" };
  }
  const people = best.map(({ customer }) => customer);
  return { match: "ambiguous", together: togetherIn(people, exact, matching) };
}

/** Undefined if the customers are of several organisations, or one of them has none. */
function togetherIn<Found>(
  customers: readonly Found[],
  exact: boolean,
  { organisationOf }: MatchOptions<Found>,
): Together<Found> | undefined {
  const [organisation = "", ...others] = new Set(
    customers.map((customer) => organisationOf(customer)?.trim() ?? ""),
  );
  if (organisation === "" || others.length > 0) return undefined;
  return { organisation, customers, exact };
}

interface RankedCustomer<Found> {
  readonly customer: Found;
  readonly rank: Rank;
}

function rankedCustomers<Found>(
  found: readonly Found[],
  { idOf, nameOf, rankOf, placeholders }: MatchOptions<Found>,
): readonly RankedCustomer<Found>[] {
  const byId = new Map<string, RankedCustomer<Found>>();
  for (const customer of found) {
    const id = idOf(customer);
    const rank = rankOf(customer);
    if (rank === undefined) continue;
    if (placeholders.has(id.toLowerCase()) || placeholders.has(nameOf(customer).toLowerCase()))
      continue;
    const known = byId.get(id);
    if (known === undefined || ranks.indexOf(rank) < ranks.indexOf(known.rank))
      byId.set(id, { customer, rank });
  }
  return [...byId.values()];
}
