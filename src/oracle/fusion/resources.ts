import { z } from "zod";
import type { Case } from "../../domain/history/history.ts";
import { shown, shownWord } from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { Rank } from "../../domain/identity/rank.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { flagField, idField, textField, timeField } from "../dialect/fields.ts";
import { digitsOf } from "../dialect/literals.ts";
import { leastSure, surest } from "../dialect/ranks.ts";
import { customerRowsOf, type Rows, rowsOf } from "../dialect/rows.ts";
import { formsOf } from "./row-match.ts";

/** What the resources answer, read as far as it can be read. */

/** 18 digits: text if a number cannot hold them exactly. */
const partyId = z
  .union([z.string().regex(/^\d{1,18}$/), z.number().int().positive()])
  .transform(String);

const contact = z.looseObject({
  PartyId: partyId,
  PartyNumber: textField,
  ContactName: textField,
  FirstName: textField,
  LastName: textField,
  AccountName: textField,
  PartyStatus: textField,
});
export type Contact = z.output<typeof contact>;
/** Contacts. If there are more than on the page, rows are missing. */
export const contactsSchema = z
  .object({ items: customerRowsOf(contact), hasMore: flagField })
  .transform(allRows);

function allRows<Row>({ items, hasMore }: { items: Rows<Row>; hasMore: boolean }): Rows<Row> {
  return { ...items, missing: items.missing + (hasMore ? 1 : 0) };
}

const account = z.looseObject({ PartyId: partyId, OrganizationName: textField });
export type Account = z.output<typeof account>;

/** Accounts. If there are more than on the page, rows are missing. */
export const accountsSchema = z
  .object({ items: customerRowsOf(account), hasMore: flagField })
  .transform(allRows);

const serviceRequest = z.object({
  SrNumber: idField,
  Title: textField,
  StatusCd: textField,
  StatusCdMeaning: textField,
  StatusTypeCd: textField,
  LastUpdateDate: timeField,
  ClosedDate: textField,
});
export type ServiceRequest = z.output<typeof serviceRequest>;
export const requestsSchema = z.object({ items: rowsOf(serviceRequest), hasMore: flagField });

/** Whose service requests they are. A request without a contact has no readable row. */
export const ownersSchema = z.object({
  items: rowsOf(z.object({ PrimaryContactPartyId: partyId })),
});

/** The attributes that are requested of a service request. */
export const REQUEST_FIELDS = Object.keys(serviceRequest.shape);

/** [pure] The party number, which users see, or the id if there is none. */
export function idOf({ PartyNumber, PartyId }: Contact): string {
  return PartyNumber ?? PartyId;
}

/** [pure] */
export function nameOf({ ContactName }: Contact): string {
  return ContactName ?? "";
}

/**
 * [pure] How sure it is that the contact or account is the customer, by the attributes that hold what was asked for;
 * undefined if they hold another number. A tenant may compare in a way of its own, so that no attribute
 * holds it: then the rank is the least sure one.
 */
export function rankOf(
  found: Readonly<Record<string, unknown>>,
  query: CustomerQuery,
  attributes: readonly string[],
): Rank | undefined {
  if (query.kind !== "phone") return "exact";
  const forms = formsOf(query, attributes.length);
  const asked = new Set([...forms, ...forms.map(digitsOf)]);
  const stored = attributes
    .map((name) => textField.parse(found[name]))
    .filter((text) => text !== undefined)
    .filter((text) => asked.has(text) || asked.has(digitsOf(text)));
  return stored.length === 0 ? leastSure(query.spellings) : surest(stored.map(query.rankOf));
}

/** [pure] */
export function toCase(request: ServiceRequest): Case {
  return {
    reference: safeReference(request.SrNumber),
    subject: shown(request.Title ?? ""),
    status: shownWord(request.StatusCdMeaning ?? request.StatusCd ?? ""),
    updatedAt: request.LastUpdateDate,
  };
}
