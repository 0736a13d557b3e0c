import type { Rank } from "../../domain/identity/rank.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { refusedQuery } from "../dialect/literals.ts";
import { leastSure } from "../dialect/ranks.ts";

/** One criterion of a search: `field` is `phone`, `email`, or a field that holds a reference. */
interface SearchField {
  readonly field: string;
  readonly value: string;
}

/** One search. Customers are found by any of its fields. */
export interface Search {
  readonly searchFields: readonly SearchField[];
  /** How sure a match is. The facade does not say which field matched, so it is the least sure one. */
  readonly rank: Rank;
}

/** Forms of a number in the second search. */
const MOST_SPELLINGS = 30;

/** Whether `name` is a field and nothing else. */
export function isFieldName(name: string): boolean {
  return /^[A-Za-z]\w{0,59}$/.test(name);
}

/**
 * [pure] The searches for a customer: the next one is sent only if nobody was found. The first is the one
 * for the international form of a number, or for the address; the second for all other forms.
 */
export function searchesFor(
  query: CustomerQuery,
  referenceFields: readonly string[],
): readonly Search[] {
  switch (query.kind) {
    case "phone": {
      const spellings = query.spellings.slice(0, MOST_SPELLINGS);
      const texts = spellings.map(({ text }) => text);
      return searches("phone", query.number, texts, leastSure(spellings));
    }
    case "email":
      return searches("email", query.address, query.spellings, "exact");
    case "reference": {
      const value = query.reference;
      if (!/^[A-Z0-9_-]{3,40}$/.test(value)) throw refusedQuery("an odd reference");
      return [{ searchFields: referenceFields.map((field) => ({ field, value })), rank: "exact" }];
    }
  }
}

function searches(
  field: "phone" | "email",
  first: string,
  others: readonly string[],
  rank: Rank,
): readonly Search[] {
  const further = [...new Set(others)].filter((value) => value !== first);
  return [
    { searchFields: [{ field, value: first }], rank: "exact" as const },
    { searchFields: further.map((value) => ({ field, value })), rank },
  ].filter(({ searchFields }) => searchFields.length > 0);
}
