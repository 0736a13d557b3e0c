import { type DialectName, dialectOf } from "../../oracle/dialects.ts";

/** Each field may be a part of the query, or a statement of its own. */
export const MOST_REFERENCE_FIELDS = 3;

/** [pure] The fields of references that this dialect does not accept: each becomes part of a query. */
export function referenceFieldConflicts(
  dialect: DialectName | undefined,
  fields: readonly string[] | undefined,
): string[] {
  if (dialect === undefined || fields === undefined) return [];
  const { isValid, preset } = dialectOf(dialect).referenceField;
  return fields
    .filter((field) => !isValid(field))
    .map(
      (field) =>
        `ORACLE_REFERENCE_FIELDS must name fields as ${preset.join(",")} if ORACLE_DIALECT is ${dialect}; one is ${JSON.stringify(field)}`,
    );
}
