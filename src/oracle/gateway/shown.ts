import { type CustomerField, shownFields } from "../../domain/history/customer-fields.ts";
import type { Case, Customer } from "../../domain/history/history.ts";
import { shown, shownIfAny, shownWord } from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { FoundCase, FoundCustomer } from "./answers.ts";

/** [pure] The full name, as far as it is known. */
export function nameOfCustomer({ firstName, lastName }: FoundCustomer): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

/** [pure] A customer as safe text, with these further fields. */
export function toCustomer(found: FoundCustomer, fields: readonly CustomerField[]): Customer {
  return {
    id: safeReference(found.customerId),
    name: shownIfAny(nameOfCustomer(found)),
    account: shownIfAny(found.accountName),
    firstName: shownIfAny(found.firstName),
    lastName: shownIfAny(found.lastName),
    ...(fields.length > 0 && { fields: shownFields(fields, (field) => found[field]) }),
  };
}

/** [pure] The request names no order: the caller sorts. */
export function toCase(item: FoundCase): Case {
  return {
    reference: safeReference(item.caseNumber),
    subject: shown(item.subject ?? ""),
    status: shownWord(item.status ?? ""),
    updatedAt: item.lastUpdateDate,
  };
}
