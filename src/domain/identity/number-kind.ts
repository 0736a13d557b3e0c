import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { E164 } from "./identity.ts";

/** Mobile, fixed line, or neither or both. */
export type NumberKind = "mobile" | "fixed" | "other";

/** What a log may hold of a number. */
export interface NumberGroup {
  /** ISO 3166-1 alpha-2, or `001` for a number of no country. */
  readonly country: string;
  readonly numberKind: NumberKind;
}

/** [pure] The country and the kind of a number: many customers have the same. */
export function numberGroup(number: E164): NumberGroup {
  const parsed = parsePhoneNumberFromString(number);
  const type = parsed?.getType();
  const numberKind = type === "MOBILE" ? "mobile" : type === "FIXED_LINE" ? "fixed" : "other";
  return { country: parsed?.country ?? "001", numberKind };
}
