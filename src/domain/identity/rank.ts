/**
 * How sure it is that a stored number or address is the customer's:
 * - `exact`: the stored number has the country code, or the address is equal;
 * - `national`: only the national digits are equal, and the country is one of the site's home countries.
 */
export type Rank = "exact" | "national";

/** The ranks, the surest first. */
export const ranks: readonly Rank[] = ["exact", "national"];

/** Where the identity comes from: the participant's own address, its contact, or a reference. */
export type IdentitySource = "address" | "contact" | "reference";

/** How the customer was found, and how sure that is; the value of the attribute `matched_by`. */
export type MatchedBy = (typeof matchedBys)[number];

/** All of them, the surest first. */
export const matchedBys = [
  "phone:exact",
  "email:exact",
  "reference",
  "contact",
  "phone:national",
] as const;

/** Country calling codes, digits only, of the countries whose numbers may be stored without the code. */
export type HomeCountries = readonly string[];
