declare const brand: unique symbol;

/** Text that may be shown to an agent and kept with a conversation: see {@link safeText}. */
export type SafeText = string & { readonly [brand]: "SafeText" };

const MAX_REFERENCE_LENGTH = 64;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Control and format characters: bidi overrides, zero-width characters, lone surrogates, fillers. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;
const TAG = /<[a-z/!?][^<>]*>/gi;
/** What could begin a tag although it never ends. */
const OPEN_TAG = /<(?=[a-z/!?])/gi;
/** A word for the search for `@`; scripts that write no spaces end it. */
const WORD = /[^\s…\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
/** Character references of HTML; a few have names that matter here. */
const REFERENCE =
  /&(?:(?<space>nbsp|ensp|emsp|thinsp|shy|zwn?j|lrm|rlm)|(?<dash>ndash|mdash|minus|hyphen)|(?<at>commat));?|&#(?:x(?<hex>[\da-f]{1,6})|(?<decimal>\d{1,7}));/gi;
const DIGIT_RUN = /[+(]{0,2}\p{Nd}(?:[\s.()/+_·\u2212\p{Pd}\p{M}]*\p{Nd}){6,}/gu;
/** Digits with anything but letters between them: too wide a net for numbers, not for cards. */
const CARD_RUN = /\d(?:[^\p{L}\p{Nd}]{0,4}\d){12,}/gu;

/**
 * Free text from Oracle, made fit to be kept: without markup, control and invisible characters, with
 * `[email]`, `[card]` and `[number]` in place of personal data, in normal form C, on one line, at
 * most `maxLength` UTF-16 units. Of character references only spaces, dashes and `@` are decoded, for
 * they could hide what is masked; `&lt;` stays four characters.
 *
 * Card numbers go whole, their last four digits too: those are of no use to an agent. Any seven
 * digits with only separators between count as a number, dates with them: they may be a birth date.
 * Idempotent: safe text comes out as it went in.
 */
export function safeText(raw: string, maxLength: number): SafeText {
  const plain = raw
    .replace(INVISIBLE, "")
    .normalize("NFC")
    .replace(REFERENCE, standsFor)
    // A space, not nothing: what stands on both sides must not join into a new tag.
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
 * An id or a case reference, such as `260101-000007`: its digits stay, for an agent types them into
 * Oracle. Letters, digits and ` -_./:#[]` of ASCII only, at most 64. A card number makes it `[card]`;
 * a card is told by its network's first digits and length as well as by the check digit, for one
 * long id in ten has a right check digit by chance.
 */
export function safeReference(raw: string): SafeText {
  const allowed = raw
    .replace(INVISIBLE, "")
    // A space, not nothing: digits on both sides must not join into a longer run that hides a card.
    .replace(/[^A-Za-z0-9 \-_./:#[\]]/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, MAX_REFERENCE_LENGTH);
  const masked = allowed.replace(/\d+(?:[ \-_./:#]+\d+)+|\d{13,}/g, (run) =>
    holdsCard(run.match(/\d+/g) ?? []) ? "[card]" : run,
  );
  return masked.trim() as SafeText;
}

/** `text` with at most `maxLength` UTF-16 units, cut between graphemes, with `…` where it was cut. */
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

/** Whether neighbouring groups of digits make a card number. */
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

/** What a character reference stands for. None of the three can be part of another one, or of a tag. */
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
