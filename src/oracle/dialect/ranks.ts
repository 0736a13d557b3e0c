import { type Rank, ranks } from "../../domain/identity/rank.ts";
import type { PhoneQuery } from "./literals.ts";

/** [pure] The rank of a match if Oracle does not say which form matched: the least sure one of all. */
export function leastSure(spellings: PhoneQuery["spellings"]): Rank {
  return spellings.some(({ rank }) => rank === "national") ? "national" : "exact";
}

/** [pure] The surest of several ranks; undefined if there is none. */
export function surest(several: readonly (Rank | undefined)[]): Rank | undefined {
  return ranks.find((rank) => several.includes(rank));
}
