import type { E164 } from "./identity.ts";
import type { HomeCountries, Rank } from "./rank.ts";
import { spellingsOf } from "./spellings.ts";

/**
 * [pure] How sure it is that a stored text is this number; undefined if it is another number, or nobody
 * can tell. A text without a country code that is a valid number of a home country belongs to that
 * number alone, whatever else its digits may mean.
 */
export function rankOfStored(stored: string, number: E164, home: HomeCountries): Rank | undefined {
  const digits = stored.replace(/\D/g, "");
  if (digits === number.slice(1)) return "exact";
  return spellingsOf(number, home).find(({ text }) => text.replace(/\D/g, "") === digits)?.rank;
}
