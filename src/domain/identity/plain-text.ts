/** Signs that Unicode counts as hyphens, and two that people type for one: the minus and the Japanese long vowel. */
const HYPHEN = /[\p{Pd}\u2212\u30fc]/gu;
/** The wave dash is a hyphen to Unicode. In Japan it is written before an extension or a range. */
const TILDE = /[\u223c\u301c\u3030]/gu;

/** [pure] Without invisible marks, such as those that tell the direction of writing. */
export function visible(text: string): string {
  return text.replace(/\p{Cf}/gu, "");
}

/**
 * [pure] The text of a number in ASCII as far as it has an equal there: digits of every script, full-width
 * signs, every hyphen and every space. Superscript and circled digits are left as they are: they are
 * footnotes and ordinals, so a text that holds one is not a number.
 */
export function plainText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return visible(text)
    .replace(/[^\p{No}]+/gu, (run) => run.normalize("NFKC"))
    .replace(/(?![0-9])\p{Nd}/gu, digitOf)
    .replace(TILDE, "~")
    .replace(HYPHEN, "-")
    .replace(/\s/gu, " ");
}

/**
 * The value of a decimal digit. Unicode encodes the digits of a script in a row from 0 to 9, so the value is
 * the distance from the begin of the row, modulo ten where rows touch (Unicode Standard, section 4.6).
 */
function digitOf(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((point - first) % 10);
}

/** [pure] Percent-decoded, as far as the escapes are UTF-8. */
export function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
