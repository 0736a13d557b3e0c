import { z } from "zod";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { referenceLiteral } from "../dialect/literals.ts";
import { rowsOf } from "../dialect/rows.ts";
import { idCell, NO_ROWS } from "./columns.ts";
import { checkedRoql, idCondition, isCustomField, MOST_CONTACTS, type Roql } from "./roql.ts";
import type { B2cSite } from "./site.ts";

/** The contact's own id among the reference fields. */
const ID = "ID";
/** Longer digits are no contact id of Connect REST. */
const LONGEST_ID = 10;

/** Whether a contact may be looked up by this field. */
export function isReferenceField(field: string): boolean {
  return field === ID || isCustomField(field);
}

/**
 * [pure] The statements that say whose reference it is; each selects the id of a contact. Digits may be the
 * contact's id. Digits in the form of an incident's number, with or without its dash (telephone keys have
 * none), are one; any reference may be in a custom field. Zeros at the beginning are kept, so they are
 * no contact id.
 */
export function referenceStatements(
  reference: string,
  fields: readonly string[],
): readonly string[] {
  const [, date, number] = /^(\d{6})-?(\d{6})$/.exec(reference) ?? [];
  const ofIncident =
    date === undefined
      ? []
      : [
          "SELECT I.PrimaryContact.ParentContact.ID FROM Incidents I WHERE I.ReferenceNumber = " +
            `${referenceLiteral(`${date}-${number}`)} LIMIT ${MOST_CONTACTS}`,
        ];
  const conditions = fields.flatMap((field) => {
    if (field !== ID) return [`${field} = ${referenceLiteral(reference)}`];
    return /^[1-9]\d*$/.test(reference) && reference.length <= LONGEST_ID
      ? [idCondition(reference)]
      : [];
  });
  return [
    ...ofIncident,
    ...conditions.map(
      (condition) => `SELECT C.ID FROM Contacts C WHERE C.${condition} LIMIT ${MOST_CONTACTS}`,
    ),
  ];
}

/** All statements in one request. */
export function contactsWithReference(statements: readonly string[]): Roql {
  return checkedRoql(statements.join(";"), statements.length);
}

/** The id of a contact. An incident without a contact has none. */
const row = z
  .tuple([idCell.nullable()])
  .rest(z.unknown())
  .transform(([id]) => id);
const table = z.object({ rows: rowsOf(row).default(NO_ROWS) });

/**
 * The ids of the contacts in the answer, each once.
 * @returns undefined if a row cannot be read: it may be another contact's
 */
export function contactIdsOf(
  answer: HttpAnswer,
  site: Pick<B2cSite, "read">,
  statements: number,
): readonly string[] | undefined {
  const { items } = site.read(answer, z.object({ items: z.array(table).length(statements) }));
  if (items.some(({ rows }) => rows.missing > 0)) return undefined;
  return [...new Set(items.flatMap(({ rows }) => rows.readable))].filter((id) => id !== null);
}
