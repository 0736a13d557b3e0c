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
  | { readonly match: "one"; readonly customer: Found; readonly rank: Rank }
  | { readonly match: "not_found" }
  | {
      readonly match: "ambiguous";
      /** All customers of one organisation, if they have one, and whether there may be more of them. */
      readonly together?: {
        readonly organisation: string;
        readonly customers: readonly Found[];
        readonly exact: boolean;
      };
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
  const [best] = ranks
    .map((rank) => customers.filter((one) => one.rank === rank))
    .filter((tier) => tier.length > 0);
  if (best === undefined) return { match: "not_found" };
  const all = new Set(found.map(matching.idOf)).size;
  const exact = !(found.length >= matching.limit && all > 1);
  const [only, another] = best;
  if (only !== undefined && another === undefined && exact) {
    return { match: "one", customer: only.customer, rank: only.rank };
  }
  const organisations = new Set(
    best.map(({ customer }) => matching.organisationOf(customer) ?? ""),
  );
  const [organisation = ""] = organisations;
  if (best.length < 2 || organisations.size > 1 || organisation === "")
    return { match: "ambiguous" };
  return {
    match: "ambiguous",
    together: { organisation, customers: best.map(({ customer }) => customer), exact },
  };
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
