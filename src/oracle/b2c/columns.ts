import { z } from "zod";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { isTrue, textField } from "../dialect/fields.ts";
import { customerRowsOf, type Rows } from "../dialect/rows.ts";

/** Which columns of a contact are asked for. */
export interface ColumnOptions {
  /** Whether to request the names of contacts. */
  readonly names: boolean;
  /** Custom fields of a contact. */
  readonly customerFields: readonly CustomerField[];
  /** Columns that the site has refused, without alias. Queries leave them out. Default: none. */
  readonly refused?: ReadonlySet<string>;
}

/** Columns of a contact that a site may refuse: without them a lookup still works. */
export const NUMBER = "Phones.Number";
export const RAW_NUMBER = "Phones.RawNumber";
const DISABLED = "Disabled";
const ORGANISATION = "Organization.Name";
const NAMES = ["Name.First", "Name.Last"];

/** The columns of the contacts statement, in its order. Those that the site refuses are left out. */
export function contactColumns(
  kind: CustomerQuery["kind"],
  { names, customerFields, refused = new Set() }: ColumnOptions,
): readonly string[] {
  const all = [
    ...["ID", ORGANISATION],
    ...(names ? NAMES : []),
    DISABLED,
    ...(kind === "phone" ? [NUMBER, RAW_NUMBER] : []),
    ...customerFields.map(({ field }) => field),
  ];
  return all.filter((column) => !refused.has(column));
}

/**
 * The columns of a contact without which a lookup works, the most suspect first. No public statement was
 * found that selects the numbers, `Disabled` or the organisation.
 */
export function suspectColumns(
  kind: CustomerQuery["kind"],
  { customerFields }: Pick<ColumnOptions, "customerFields">,
): readonly string[] {
  const numbers = kind === "phone" ? { first: [NUMBER], last: [RAW_NUMBER] } : undefined;
  return [
    ...(numbers?.first ?? []),
    DISABLED,
    ...(numbers?.last ?? []),
    ORGANISATION,
    ...customerFields.map(({ field }) => field),
  ];
}

/** A row of the contacts statement. */
export interface ContactRow {
  readonly id: string;
  /** Undefined if the cell is empty or the query left its column out. */
  readonly cell: (column: string) => string | undefined;
}

/** The table of the contacts statement. Cells are read by position: column names may be the same. */
export function contactTable(
  columns: readonly string[],
): z.ZodType<{ readonly rows: Rows<ContactRow> }> {
  const row = z
    .tuple([idCell])
    .rest(textField)
    .refine(({ length }) => length >= columns.length, "a cell is missing")
    .transform(([id, ...cells]): ContactRow => {
      const byColumn = new Map(columns.slice(1).map((column, index) => [column, cells[index]]));
      return { id, cell: (column) => byColumn.get(column) };
    });
  return z.object({ rows: customerRowsOf(row).default(NO_ROWS) });
}

export const NO_ROWS: Rows<never> = { readable: [], missing: 0 };

/** An id: digits, as text or as a whole number. */
export const idCell: z.ZodType<string> = z
  .union([z.string().regex(/^\d{1,18}$/), z.number().int().nonnegative()])
  .transform(String);

/** Whether Oracle marks the contact as not in use. */
export function isDisabledContact({ cell }: ContactRow): boolean {
  return isTrue(cell(DISABLED));
}

export function organisationOfContact({ cell }: ContactRow): string | undefined {
  return cell(ORGANISATION);
}

/** The first and last name, if they were asked for. */
export function namesOfContact({ cell }: ContactRow): readonly (string | undefined)[] {
  return NAMES.map(cell);
}

export function nameOfContact(contact: ContactRow): string {
  return namesOfContact(contact).filter(Boolean).join(" ");
}
