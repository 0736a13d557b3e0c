import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { Case, Customer } from "../../domain/history/history.ts";
import { shown, shownWord } from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import { shownCustomer } from "../dialect/shown-customer.ts";
import type { FoundCase, FoundCustomer } from "./answers.ts";

/** [pure] The full name, as far as it is known. */
export function nameOfCustomer({ firstName, lastName }: FoundCustomer): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

/** [pure] A customer as safe text, with these further fields. */
export function toCustomer(found: FoundCustomer, fields: readonly CustomerField[]): Customer {
  const { customerId: id, accountName: account, firstName, lastName } = found;
  const raw = { id, name: nameOfCustomer(found), account, firstName, lastName };
  return shownCustomer(raw, fields, (field) => found[field]);
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
