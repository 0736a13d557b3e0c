import { z } from "zod";
import type { Case } from "../../domain/history/history.ts";
import { shown, shownWord, timeOf } from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import { textField } from "../dialect/fields.ts";
import { rowsOf } from "../dialect/rows.ts";
import { idCell, NO_ROWS } from "./columns.ts";

/** Cells in the order of the statement: id, reference, subject, status, update, contact, custom fields. */
const incidentRow = z
  .tuple([idCell, textField, textField, textField, textField, idCell])
  .rest(textField)
  .transform(([id, reference, subject, status, updated, contactId, ...custom]) => ({
    ...{ id, reference, subject, status, updated, contactId, custom },
  }));

/** A row of the incidents statement. */
export type IncidentRow = z.output<typeof incidentRow>;

/** The table of the incidents statement. */
export const incidentTable = z.object({ rows: rowsOf(incidentRow).default(NO_ROWS) });

/** How many rows the table holds, with those that cannot be read. */
export function sizeOf({ rows }: z.output<typeof incidentTable>): number {
  return rows.readable.length + rows.missing;
}

/** The cases of these rows. A number that is stored twice gives each incident twice. */
export function casesOf(rows: readonly IncidentRow[]): readonly Case[] {
  return [...new Map(rows.map((row) => [row.id, toCase(row)])).values()];
}

function toCase({ id, reference, subject, status, updated, custom }: IncidentRow): Case {
  return {
    reference: safeReference(reference ?? id),
    subject: shown([subject, ...custom].filter(Boolean).join(" · ")),
    status: shownWord(status ?? ""),
    updatedAt: timeOf(updated),
  };
}
