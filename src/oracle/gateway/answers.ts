import { z } from "zod";
import { countField, flagField, idField, textField, timeField } from "../dialect/fields.ts";
import { customerRowsOf, type Rows, rowsOf } from "../dialect/rows.ts";

/** What a facade answers, read as far as it can be read. */

const customer = z.looseObject({
  customerId: idField,
  firstName: textField,
  lastName: textField,
  accountName: textField,
});
export type FoundCustomer = z.output<typeof customer>;

const customers = z.object({
  totalCount: z.unknown().optional(),
  items: customerRowsOf(customer),
});

/**
 * Customers. Those that `totalCount` counts beyond the items are missing rows. Without any item, a count
 * other than 0 is malformed: the customer may be known.
 */
export const customersSchema: z.ZodType<Rows<FoundCustomer>> = customers
  .refine(({ totalCount, items: { readable } }) => readable.length > 0 || isNone(totalCount), {
    path: ["totalCount"],
    message: "not 0, but there are no items",
  })
  .transform(({ totalCount, items: { readable, missing } }) => ({
    readable,
    missing: Math.max(missing, (countField.parse(totalCount) ?? 0) - readable.length),
  }));

function isNone(totalCount: unknown): boolean {
  return totalCount === undefined || totalCount === null || countField.parse(totalCount) === 0;
}

/** [pure] Customers without names that were not requested: a facade may send more than that. */
export function withoutNames({ readable, missing }: Rows<FoundCustomer>): Rows<FoundCustomer> {
  const nameless = { firstName: undefined, lastName: undefined };
  return { readable: readable.map((one) => ({ ...one, ...nameless })), missing };
}

const foundCase = z.object({
  caseNumber: idField,
  subject: textField,
  status: textField,
  lastUpdateDate: timeField,
});
export type FoundCase = z.output<typeof foundCase>;

/** A page of cases. */
export const casesSchema = z
  .object({ totalCount: countField, items: rowsOf(foundCase), hasMore: flagField })
  .transform(({ totalCount, items: { readable, missing }, hasMore }) => ({
    totalCount,
    cases: readable,
    /** How many cases the page holds, with those that cannot be read. */
    size: readable.length + missing,
    hasMore,
  }));
export type CasesPage = z.output<typeof casesSchema>;

/** The answer 204: nothing found. */
export const NO_CUSTOMERS: Rows<FoundCustomer> = { readable: [], missing: 0 };
export const NO_CASES: CasesPage = { totalCount: undefined, cases: [], size: 0, hasMore: false };
