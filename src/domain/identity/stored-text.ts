import { plainText } from "./plain-text.ts";

/** The digits of a stored text, and whether the text says that they begin with a country code. */
export interface StoredText {
  /** The text begins with `+`. */
  readonly plus: boolean;
  /** All digits, without an extension. */
  readonly digits: string;
  /** The same without a `(0)`, if there is one: `+49 (0)30 …`. */
  readonly withoutZero: string | undefined;
}

/** A longer text is not one number. */
const MAX_LENGTH = 100;
/** Digits after one of these words are an extension, not part of the number. */
const EXTENSION =
  /[\s,;.([]*(?<!\p{L})(?:;\s*ext\s*=|x|extn?|extension|int|interno|poste|anexo|ramal|durchwahl|dw)[\s.:]*\d{1,7}[\s#)\]]*$/iu;
/** So are digits after one of these signs, if enough digits for a number stand before it. */
const PAUSE = /(?<=(?:\d\D*){6})\s*(?:#|,+)\s*\d{1,7}[\s#]*$/;
/** A `(0)` before further digits. */
const ZERO = /[([]\s*0\s*[)\]](?=.*\d)/;

/**
 * [pure] Reads the form of a stored text: digits and signs of every script, separators and labels are
 * equal to their ASCII forms; an extension at the end is left out. A text of more than 100 characters has no
 * digits.
 */
export function readStoredText(stored: string): StoredText {
  if (stored.length > MAX_LENGTH) return { plus: false, digits: "", withoutZero: undefined };
  const text = plainText(stored).replace(EXTENSION, "").replace(PAUSE, "");
  const zero = ZERO.exec(text);
  const withoutZero = zero
    ? digitsOf(text.slice(0, zero.index) + text.slice(zero.index + zero[0].length))
    : undefined;
  return { plus: /^[^\d+]*\+/.test(text), digits: digitsOf(text), withoutZero };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}
