import { shownWord } from "./match.ts";
import type { SafeText } from "./safe-text.ts";

/** A further field of a customer that lookups on demand tell: `tier`, out of Oracle's `loyaltyTier`. */
export interface CustomerField {
  /** What flows read it by. */
  readonly name: string;
  /** Where Oracle has it, in the dialect's own way. */
  readonly field: string;
}

/** [pure] The fields as they may be shown; those without a value are left out. */
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
