import { z } from "zod";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import { lookupData } from "../../domain/summary/lookup-data.ts";
import { type DialectName, dialectOf } from "../../oracle/dialects.ts";

const MAX_FIELDS = 8;
const RULE = `must be pairs name=field, separated by commas, ${MAX_FIELDS} at most; a name is a lower-case letter, then letters and digits`;
const RESERVED = [...Object.keys(lookupData.shape), "result", "error"];

/** [pure] Whether this may be the name of a field. */
export function isFieldName(name: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,29}$/.test(name);
}

/** `tier=loyaltyTier,segment=segmentCode`. The dialect decides which fields are valid. */
export const customerFields = z.string().transform((text, context): readonly CustomerField[] => {
  const wrong = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const parts = text.split(",").filter((part) => part.trim() !== "");
  const fields = parts.map((part) => {
    const [, name = "", field] = /^\s*(\w+)\s*=\s*([\w.]{1,200})\s*$/.exec(part) ?? [];
    return field !== undefined && isFieldName(name) ? { name, field } : undefined;
  });
  const read = fields.filter((one) => one !== undefined);
  if (read.length < parts.length || read.length > MAX_FIELDS) return wrong(RULE);
  const names = read.map(({ name }) => name);
  const reserved = names.find((name) => RESERVED.includes(name));
  if (reserved !== undefined) return wrong(`must not use ${reserved}, a name that lookups have`);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? read : wrong(`names ${repeated} twice`);
});

/** [pure] The fields that this dialect does not accept: each field becomes part of a query. */
export function customerFieldConflicts(
  dialect: DialectName | undefined,
  fields: readonly CustomerField[] | undefined,
): string[] {
  if (dialect === undefined || fields === undefined) return [];
  const { isValid, example } = dialectOf(dialect).customerField;
  return fields
    .filter(({ field }) => !isValid(field))
    .map(
      ({ name, field }) =>
        `ORACLE_CUSTOMER_FIELDS must name fields as ${example} if ORACLE_DIALECT is ${dialect}; ${name} is ${JSON.stringify(field)}`,
    );
}
