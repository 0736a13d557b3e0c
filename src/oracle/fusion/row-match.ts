import type { Identity } from "../../domain/identity/identity.ts";
import { emailLiteral, rawNumbers, refusedQuery } from "../dialect/literals.ts";

/** A condition in rowmatch form (Oracle Fusion REST, framework version 2 and later). */
export type RowMatch = string;

/** Whether `name` names an attribute and nothing else: it becomes part of a query. */
export function isAttributeName(name: string): boolean {
  return /^[A-Z][A-Za-z0-9_]{0,59}$/.test(name);
}

/** The contacts that have this identity, in one of these attributes where it is a number. */
export function contactsWith(identity: Identity, phoneAttributes: readonly string[]): RowMatch {
  if (identity.kind === "email") {
    return checkedCondition(`EmailAddress = ${emailLiteral(identity.address)}`);
  }
  const { number, spellings } = identity;
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

/** As people and telephone exchanges write numbers: no letter and no quote. */
const PHONE = /^\+?[0-9][0-9 ()./-]{4,24}$|^\([0-9][0-9 ()./-]{4,24}$/;
const NAME = "[A-Z][A-Za-z0-9_]{0,59}";
const PHONES = String.raw`${NAME} in \('[0-9+ ().\/-]{5,26}'(?:,'[0-9+ ().\/-]{5,26}')*\)`;
const EMAIL = "EmailAddress = '[a-z0-9_+&=~#!$%.@-]{3,254}'";
const PARTY = String.raw`PrimaryContactPartyId = \d{1,18}`;
const CONDITION = new RegExp(`^(?:${PHONES}(?: or ${PHONES})*|${EMAIL}|${PARTY})$`);

/**
 * The last check, which trusts nothing above it: the condition is one of our three forms from its
 * first letter to its last. No literal can hold a quote.
 * @throws {Failure} `permanent`: such a query is never sent.
 */
export function checkedCondition(text: string): RowMatch {
  if (!CONDITION.test(text)) throw refusedQuery("text that is not one of the expected conditions");
  return text;
}
