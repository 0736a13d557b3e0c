import { LRUCache } from "lru-cache";
import { type MatchedBy, matchedBys } from "../../domain/identity/rank.ts";
import type { LogLine } from "../../observability/facts/line.ts";

/** The results of a conversation's lookups, the best first. `unknown`: found by an earlier version. */
const results = [...matchedBys, "unknown", "ambiguous", "not_found"] as const;
type Result = (typeof results)[number];

/** Conversations by result. The five counts add up to `conversations`. */
export interface CustomerCounts {
  readonly conversations: number;
  /** Found by an equal address, or by a stored number with its country code. */
  readonly exact: number;
  /** Found by a stored number without its country code. */
  readonly national: number;
  /** Found by the contact or a reference, or by a version that did not log how. */
  readonly otherwise: number;
  readonly ambiguous: number;
  readonly notFound: number;
}

/** The conversations of callers whose numbers have the same country and kind. */
export interface CustomerGroup extends CustomerCounts {
  /** ISO 3166-1, `001` for a number of no country; `none`, `unknown`, or `others` for the last row. */
  readonly country: string;
  /** The kind of number; `email`, or `none` if the caller had neither number nor address. */
  readonly kind: string;
}

/** Who was found, and how. Each conversation counts once, by the best of its lookups. */
export interface Customers extends CustomerCounts {
  /** Found conversations by how the customer was found. */
  readonly foundBy: Readonly<Partial<Record<MatchedBy | "unknown", number>>>;
  /** Most frequent first. The last row is the sum of all groups that have no row of their own. */
  readonly groups: readonly CustomerGroup[];
}

type LookedUp = Extract<LogLine, { fact: "customer.looked_up" }>;
type Counts = { -readonly [Name in keyof CustomerCounts]: CustomerCounts[Name] };
type Group = Counts & Pick<CustomerGroup, "country" | "kind">;

/** A conversation that may have further lookups. */
interface OpenConversation {
  /** The group of the caller's own number or address; a contact's number may be of another country. */
  own: Group | undefined;
  result: Result;
}

/** The conversation with the oldest last lookup is counted as finished when there are more. */
const MAX_OPEN = 20_000;
const MAX_ROWS = 20;

/** Counts customers by country, kind of number and rank, in constant memory. */
export function countCustomers() {
  const groups = new Map<string, Group>();
  const foundBy: Partial<Record<MatchedBy | "unknown", number>> = {};
  const total = noCounts();

  function groupOf(country: string, kind: string): Group {
    const key = `${country} ${kind}`;
    const known = groups.get(key);
    if (known !== undefined) return known;
    const created = { country, kind, ...noCounts() };
    groups.set(key, created);
    return created;
  }

  function close({ own, result }: OpenConversation): void {
    for (const counts of [total, own ?? groupOf("none", "none")]) {
      counts.conversations += 1;
      counts[columnOf(result)] += 1;
    }
    if (result !== "ambiguous" && result !== "not_found") {
      foundBy[result] = (foundBy[result] ?? 0) + 1;
    }
  }

  const open = new LRUCache<string, OpenConversation>({
    max: MAX_OPEN,
    dispose: (conversation, _, reason) => {
      if (reason !== "set") close(conversation);
    },
  });

  function lookedUp(line: LookedUp): void {
    const result = resultOf(line);
    if (result === undefined) return;
    const own = line.by === "address" ? ownGroup(line) : undefined;
    const known = line.conversationId === undefined ? undefined : open.get(line.conversationId);
    if (known !== undefined) {
      known.own ??= own;
      if (results.indexOf(result) < results.indexOf(known.result)) known.result = result;
    } else if (line.conversationId === undefined) {
      close({ own, result });
    } else {
      open.set(line.conversationId, { own, result });
    }
  }

  function ownGroup({ identifiedBy, country, numberKind }: LookedUp): Group {
    return identifiedBy === "email"
      ? groupOf("none", "email")
      : groupOf(country ?? "unknown", numberKind ?? "unknown");
  }

  return {
    take(line: LogLine): void {
      if (line.fact === "customer.looked_up") lookedUp(line);
    },
    /** Counts the open conversations too, and returns the totals. Call it once, at the end. */
    customers(): Customers {
      open.clear();
      return { ...total, foundBy, groups: withOthers([...groups.values()]) };
    },
  };
}

/** [pure] The conversations whose customer was found. */
export function foundOf({ exact, national, otherwise }: CustomerCounts): number {
  return exact + national + otherwise;
}

/** [pure] The sum of some counts. */
export function sumOf(all: readonly CustomerCounts[]): CustomerCounts {
  const sum = noCounts();
  for (const one of all) {
    sum.conversations += one.conversations;
    sum.exact += one.exact;
    sum.national += one.national;
    sum.otherwise += one.otherwise;
    sum.ambiguous += one.ambiguous;
    sum.notFound += one.notFound;
  }
  return sum;
}

function withOthers(groups: readonly Group[]): readonly CustomerGroup[] {
  const sorted = groups
    .filter(({ conversations }) => conversations > 0)
    .toSorted((a, b) => b.conversations - a.conversations);
  if (sorted.length <= MAX_ROWS) return sorted;
  const others = sumOf(sorted.slice(MAX_ROWS));
  return [...sorted.slice(0, MAX_ROWS), { country: "others", kind: "", ...others }];
}

/** Undefined for a lookup without a result. */
function resultOf({ match, matchedBy }: LookedUp): Result | undefined {
  if (match === "found") return matchedBy ?? "unknown";
  return match === "ambiguous" || match === "not_found" ? match : undefined;
}

function columnOf(result: Result): Exclude<keyof CustomerCounts, "conversations"> {
  switch (result) {
    case "phone:exact":
    case "email:exact":
      return "exact";
    case "phone:national":
      return "national";
    case "contact":
    case "reference":
    case "unknown":
      return "otherwise";
    case "ambiguous":
      return "ambiguous";
    case "not_found":
      return "notFound";
  }
}

function noCounts(): Counts {
  return { conversations: 0, exact: 0, national: 0, otherwise: 0, ambiguous: 0, notFound: 0 };
}
