import type { Rank } from "../../domain/identity/rank.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { digitsOf, type PhoneQuery } from "../dialect/literals.ts";
import { leastSure } from "../dialect/ranks.ts";
import { type ContactRow, NUMBER, RAW_NUMBER } from "./columns.ts";
import { numbersToAsk, type RoqlOptions } from "./roql.ts";

/**
 * [pure] How sure it is that the contact of a row is the customer; undefined if the row holds another
 * number. The number as somebody typed it says most: with a `+` the same digits are another number. A row
 * without a number counts only if every number that was asked for is the customer's.
 * @param options those of the query whose answer has the row
 */
export function rankOfRow(
  { cell }: ContactRow,
  query: CustomerQuery,
  options: Pick<RoqlOptions, "phonePrefixes" | "refused">,
): Rank | undefined {
  if (query.kind !== "phone") return "exact";
  const rankOf = (text: string) =>
    query.rankOf(text) ?? rankBehindPrefix(text, query, options.phonePrefixes);
  const stored = [cell(NUMBER), cell(RAW_NUMBER)].find((text) => /\d/.test(text ?? ""));
  if (stored !== undefined) return rankOf(stored);
  const isClear = numbersToAsk(query, options).every((digits) => rankOf(digits) !== undefined);
  return isClear ? leastSure(query.spellings) : undefined;
}

/**
 * The rank of a number behind one of the prefixes that users of this site type. No country code begins with 0; behind any
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
