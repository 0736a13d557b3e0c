import { z } from "zod";
import type { CaseState } from "../site/customers.ts";

/** Fields of a customer that a client may request. */
const CUSTOMER_FIELDS = ["customerId", "firstName", "lastName", "accountName", "tier"] as const;
const CASE_FIELDS = ["caseNumber", "subject", "status", "lastUpdateDate"] as const;
const CASE_STATES = ["open", "active", "closed"] as const satisfies readonly CaseState[];
/** Fields that a client may search by. */
const SEARCH_FIELDS = ["phone", "email", "customerId", "caseNumber", "accountNumber"] as const;
const MAX_PAGE_SIZE = 100;
const MAX_SEARCH_FIELDS = 30;

/** The body of `POST /api/rest/v1/customers/search`. */
export const searchSchema = z.strictObject({
  searchFields: z
    .array(z.strictObject({ field: z.enum(SEARCH_FIELDS), value: z.string().min(1).max(254) }))
    .min(1)
    .max(MAX_SEARCH_FIELDS),
  limit: z.int().min(1).max(MAX_PAGE_SIZE),
  fields: z.array(z.enum(CUSTOMER_FIELDS)).min(1),
});

export type CustomerSearch = z.infer<typeof searchSchema>;

/** The query of `GET /api/rest/v1/cases`. */
export const casesSchema = z.strictObject({
  customerId: z.string().min(1),
  status: listOf(CASE_STATES),
  fields: listOf(CASE_FIELDS),
  limit: wholeNumber().pipe(z.int().min(1).max(MAX_PAGE_SIZE)).default(10),
  offset: wholeNumber().default(0),
});

export type CaseQuery = z.infer<typeof casesSchema>;

function listOf<const Name extends string>(names: readonly Name[]) {
  return z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(z.enum(names)).min(1));
}

function wholeNumber() {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number);
}
