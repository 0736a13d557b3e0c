import type { CustomerQuery } from "../dialect/customer-query.ts";
import { emailLiteral, rawNumbers, refusedQuery } from "../dialect/literals.ts";

/** A condition in rowmatch form (Oracle Fusion REST, framework version 2 and later). */
export type RowMatch = string;

/** Whether `name` is an attribute and nothing else: it becomes part of a query. */
export function isAttributeName(name: string): boolean {
  return /^[A-Z][A-Za-z0-9_]{0,59}$/.test(name);
}

/** The contacts that have this identity. These attributes are compared with a telephone number. */
export function contactsWith(
  identity: CustomerQuery,
  phoneAttributes: readonly string[],
): RowMatch {
  if (identity.kind === "email") {
    return checkedCondition(`EmailAddress = ${emailLiteral(identity.address)}`);
  }
  if (identity.kind === "reference") throw refusedQuery("a reference");
  const { number } = identity;
  const spellings = identity.spellings.map(({ text }) => text);
  const forms = new Set([number, ...spellings, ...rawNumbers([number, ...spellings], [])]);
  const literals = [...forms].filter((form) => PHONE.test(form)).map((form) => `'${form}'`);
  if (literals.length === 0) throw refusedQuery("a telephone number without digits");
  const list = literals.join(",");
  return checkedCondition(phoneAttributes.map((name) => `${name} in (${list})`).join(" or "));
}

/** The service requests whose primary contact is this party. */
export function requestsOf(partyId: string): RowMatch {
  return checkedCondition(`PrimaryContactPartyId = ${partyId}`);
}

/** The usual spellings of a telephone number: no letter and no quote. */
const PHONE = /^\+?[0-9][0-9 ()./-]{4,24}$|^\([0-9][0-9 ()./-]{4,24}$/;
const NAME = "[A-Z][A-Za-z0-9_]{0,59}";
const PHONES = String.raw`${NAME} in \('[0-9+ ().\/-]{5,26}'(?:,'[0-9+ ().\/-]{5,26}')*\)`;
const EMAIL = "EmailAddress = '[a-z0-9_+&=~#!$%.@-]{3,254}'";
const PARTY = String.raw`PrimaryContactPartyId = \d{1,18}`;
const CONDITION = new RegExp(`^(?:${PHONES}(?: or ${PHONES})*|${EMAIL}|${PARTY})$`);

/**
 * The last check of a condition, independent of the code that built it: the whole text must be one of our
 * three forms. No literal can hold a quote.
 * @throws {Failure} `permanent` for any other text.
 */
export function checkedCondition(text: string): RowMatch {
  if (!CONDITION.test(text)) throw refusedQuery("text that is not one of the expected conditions");
  return text;
}
