import { z } from "zod";
import { timeOf } from "../../domain/history/match.ts";
import type { EpochMs } from "../../domain/time.ts";

/**
 * Fields as sites and facades really send them. Of an odd value only the field is lost, never the row.
 * Use them with `parseExactly`, so that no number is rounded.
 */

/** The members of an object that hold its text, the best first (`{"id":1,"lookupName":"Open"}`). */
const TEXT_MEMBERS = [
  ...["lookupName", "displayName", "displayValue", "label", "name", "meaning", "description"],
  ...["text", "value", "code", "id"],
] as const;

/** A text, number or boolean as text, or the text of an object; undefined if there is none. */
export const textField: z.ZodType<string | undefined> = z.unknown().optional().transform(textOf);

/** A time in any form that {@link timeOf} reads. */
export const timeField: z.ZodType<EpochMs | undefined> = z.unknown().optional().transform(timeOf);

/** A count as a number or as digits; undefined if it is neither. */
export const countField: z.ZodType<number | undefined> = z
  .unknown()
  .optional()
  .transform((value) => {
    const text = typeof value === "string" ? value.trim() : String(value);
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  });

/** True, also as text or as 1; otherwise false. */
export const flagField: z.ZodType<boolean> = z.unknown().optional().transform(isTrue);

/** An id: a text, or a whole number with all its digits. Its row cannot be read without it. */
export const idField: z.ZodType<string> = z
  .union([z.string().trim().min(1), z.number().int()])
  .transform(String);

/** [pure] Whether a cell or field says yes: `true`, `"Yes"`, `1`. */
export function isTrue(value: unknown): boolean {
  return /^(?:true|yes|y|1)$/i.test(String(value).trim());
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const members = new Map(Object.entries(value));
  for (const name of TEXT_MEMBERS) {
    const member = members.get(name);
    const text = typeof member === "object" ? undefined : textOf(member);
    if (text !== undefined) return text;
  }
  return undefined;
}
