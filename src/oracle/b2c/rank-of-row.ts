import type { Rank } from "../../domain/identity/rank.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { digitsOf, type PhoneQuery } from "../dialect/literals.ts";
import { leastSure } from "../dialect/ranks.ts";
import { type ContactRow, NUMBER, RAW_NUMBER } from "./columns.ts";

/**
 * [pure] How sure it is that the contact of a row is the customer; undefined if the row holds another
 * number. The number as somebody typed it says most: with a `+` the same digits are another number.
 * @param prefixes digits that users of this site type before a number
 */
export function rankOfRow(
  { cell }: ContactRow,
  query: CustomerQuery,
  prefixes: readonly string[],
): Rank | undefined {
  if (query.kind !== "phone") return "exact";
  const typed = cell(NUMBER);
  const stored = typed !== undefined && /\d/.test(typed) ? typed : cell(RAW_NUMBER);
  if (stored === undefined) return leastSure(query.spellings);
  return query.rankOf(stored) ?? rankBehindPrefix(stored, query, prefixes);
}

/**
 * The rank of a number behind one of the site's own prefixes. No country code begins with 0; behind any
 * other prefix the digits may be a number of another country, so they count for home countries only.
 */
function rankBehindPrefix(
  stored: string,
  query: PhoneQuery,
  prefixes: readonly string[],
): Rank | undefined {
  if (stored.trim().startsWith("+")) return undefined;
  const digits = digitsOf(stored);
  const isHome = leastSure(query.spellings) === "national";
  for (const prefix of prefixes) {
    const rank = digits.startsWith(prefix) ? query.rankOf(digits.slice(prefix.length)) : undefined;
    if (rank === undefined) continue;
    if (prefix.startsWith("0")) return rank;
    if (isHome) return "national";
  }
  return undefined;
}
