import { z } from "zod";
import type { CustomerField } from "../domain/history/customer-fields.ts";
import { lookupData } from "../domain/summary/lookup-data.ts";
import { type DialectName, dialectOf } from "../oracle/dialects.ts";

const MOST = 8;
const RULE = `must be pairs name=field, separated by commas, ${MOST} at most, each name a small letter and then letters and digits`;
const TAKEN = [...Object.keys(lookupData.shape), "result", "error"];

/** [pure] Whether data may be called so. */
export function isFieldName(name: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,29}$/.test(name);
}

/** `tier=loyaltyTier,segment=segmentCode`; what a field may be is for the dialect to say. */
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
  if (read.length < parts.length || read.length > MOST) return wrong(RULE);
  const names = read.map(({ name }) => name);
  const taken = names.find((name, index) => TAKEN.includes(name) || names.indexOf(name) !== index);
  return taken === undefined ? read : wrong(`names ${taken} twice, or a name that lookups have`);
});

/** [pure] What of these fields this dialect could not ask for: each becomes part of a query. */
export function checkCustomerFields(
  dialect: DialectName | undefined,
  fields: readonly CustomerField[] | undefined,
): string[] {
  if (dialect === undefined || fields === undefined) return [];
  const { isValid, example } = dialectOf(dialect).customerField;
  return fields
    .filter(({ field }) => !isValid(field))
    .map(
      ({ name, field }) =>
        `ORACLE_CUSTOMER_FIELDS must name fields as ${example} where ORACLE_DIALECT is ${dialect}; ${name} is ${JSON.stringify(field)}`,
    );
}
