declare const brand: unique symbol;

/** Text that may be shown to an agent and stored with a conversation: see {@link safeText}. */
export type SafeText = string & { readonly [brand]: "SafeText" };

const MAX_REFERENCE_LENGTH = 64;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Control and format characters: bidi overrides, zero-width characters, lone surrogates, fillers. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;
const TAG = /<[a-z/!?][^<>]*>/gi;
/** The start of a tag that may have no end. */
const OPEN_TAG = /<(?=[a-z/!?])/gi;
/** A word that may be an email address. It ends at scripts that are written without spaces. */
const WORD = /[^\s…\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
/** HTML character references, with the names of spaces, dashes and `@`. */
const REFERENCE =
  /&(?:(?<space>nbsp|ensp|emsp|thinsp|shy|zwn?j|lrm|rlm)|(?<dash>ndash|mdash|minus|hyphen)|(?<at>commat));?|&#(?:x(?<hex>[\da-f]{1,6})|(?<decimal>\d{1,7}));/gi;
const DIGIT_RUN = /[+(]{0,2}\p{Nd}(?:[\s.()/+_·\u2212\p{Pd}\p{M}]*\p{Nd}){6,}/gu;
/** Digits with anything but letters between them: too wide for numbers, but not for cards. */
const CARD_RUN = /\d(?:[^\p{L}\p{Nd}]{0,4}\d){12,}/gu;

/**
 * [pure] Free text from Oracle as safe text: no markup, no control or invisible characters, `[email]`,
 * `[card]` and `[number]` in place of personal data, normal form C, one line, at most `maxLength`
 * UTF-16 units. Idempotent.
 *
 * Of character references, only spaces, dashes and `@` are decoded, because they could hide what is
 * masked; `&lt;` stays as it is. Card numbers are masked as a whole. Seven or more digits with only
 * separators between them count as a number, dates included, because they may be a birth date.
 */
export function safeText(raw: string, maxLength: number): SafeText {
  const plain = raw
    .replace(INVISIBLE, "")
    .normalize("NFC")
    .replace(REFERENCE, standsFor)
    // A space, so that the text on both sides does not form a new tag.
    .replace(TAG, " ")
    .replace(OPEN_TAG, " ")
    .replace(/\s+/gu, " ")
    .trim();
  const masked = plain
    .replace(WORD, (word) => (word !== "@" && /[@＠﹫]/u.test(word) ? "[email]" : word))
    .replace(DIGIT_RUN, (run) => (isLuhn(run.replace(/[^0-9]/g, "")) ? "[card]" : "[number]"))
    .replace(CARD_RUN, (run) => (holdsCard(run.match(/\d+/g) ?? []) ? "[card]" : run));
  return shorten(masked, maxLength) as SafeText;
}

/**
 * [pure] An id or a case reference such as `260101-000007`, with its digits, because agents need them.
 * ASCII letters, digits and ` -_./:#[]` only, at most 64. A card number becomes `[card]`. A card is
 * recognised by the first digits of its network, its length and its check digit, because one long id in
 * ten has a valid check digit by chance.
 */
export function safeReference(raw: string): SafeText {
  const allowed = raw
    .replace(INVISIBLE, "")
    // A space, so that the digits on both sides do not form a longer run that hides a card.
    .replace(/[^A-Za-z0-9 \-_./:#[\]]/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, MAX_REFERENCE_LENGTH);
  const masked = allowed.replace(/\d+(?:[ \-_./:#]+\d+)+|\d{13,}/g, (run) =>
    holdsCard(run.match(/\d+/g) ?? []) ? "[card]" : run,
  );
  return masked.trim() as SafeText;
}

/** [pure] At most `maxLength` UTF-16 units of `text`, cut between graphemes, with `…` if it was cut. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length >= maxLength) break;
    kept += segment;
  }
  return maxLength > 0 ? `${kept.trimEnd()}…` : "";
}

const LONGEST_CARD = 19;
/** Visa, Mastercard, American Express, Diners Club, JCB, and Discover, UnionPay and Maestro under 6. */
const CARD =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{12,18})$/;

/** Whether adjacent groups of digits form a card number. */
function holdsCard(groups: readonly string[]): boolean {
  return groups.some((_, from) => {
    let digits = "";
    for (const group of groups.slice(from, from + LONGEST_CARD)) {
      digits += group;
      if (digits.length > LONGEST_CARD) return false;
      if (CARD.test(digits) && isLuhn(digits)) return true;
    }
    return false;
  });
}

/** The decoded character reference. None of the three can be part of another reference, or of a tag. */
function standsFor(reference: string, ...matched: readonly unknown[]): string {
  const { space, dash, at, hex, decimal } = matched.at(-1) as Record<string, string | undefined>;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const char = code <= 0x10ffff ? String.fromCodePoint(code) : "";
  if (space || /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u.test(char)) return " ";
  if (dash || /[\p{Pd}\u2212]/u.test(char)) return "-";
  return at || /[@＠﹫]/u.test(char) ? "@" : reference;
}

/** Whether `digits` has a card number's length and check digit (ISO/IEC 7812-1). */
function isLuhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > LONGEST_CARD) return false;
  const sum = [...digits].reverse().reduce((total, char, place) => {
    const digit = Number(char) * (place % 2 === 0 ? 1 : 2);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}
