import { type CustomerField, shownFields } from "../../domain/history/customer-fields.ts";
import type { Customer } from "../../domain/history/history.ts";
import { shownIfAny } from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";

/** A customer as Oracle has it. Empty text counts as none. */
interface RawCustomer {
  readonly id: string;
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
}

/**
 * [pure] A customer as safe text, with these further fields.
 * @param read the value of a field in Oracle
 */
export function shownCustomer(
  { id, name, account, firstName, lastName }: RawCustomer,
  fields: readonly CustomerField[],
  read: (field: string) => unknown,
): Customer {
  return {
    id: safeReference(id),
    name: shownIfAny(name),
    account: shownIfAny(account),
    firstName: shownIfAny(firstName),
    lastName: shownIfAny(lastName),
    ...(fields.length > 0 && { fields: shownFields(fields, read) }),
  };
}
