import { shownWord } from "./match.ts";
import type { SafeText } from "./safe-text.ts";

/** An extra field in the result of a lookup on demand: `tier` from Oracle's `loyaltyTier`. */
export interface CustomerField {
  /** The name in the result. */
  readonly name: string;
  /** The field in Oracle, in the syntax of the dialect. */
  readonly field: string;
}

/** [pure] The fields as safe text, by name. Fields without a value are left out. */
export function shownFields(
  fields: readonly CustomerField[],
  read: (field: string, index: number) => unknown,
): Readonly<Record<string, SafeText>> {
  const pairs = fields.flatMap(({ name, field }, index) => {
    const value = read(field, index);
    const isPlain = ["string", "number", "boolean"].includes(typeof value) && value !== "";
    return isPlain ? [[name, shownWord(String(value))] as const] : [];
  });
  return Object.fromEntries(pairs);
}
