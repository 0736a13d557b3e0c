/**
 * Words that people write before an extension: those that libphonenumber knows, and those of the languages
 * that Ringahead speaks.
 */
const WORDS = [
  "e?xt(?:ensi(?:on?|ón?)|en|ensão)?n?",
  "доб(?:авочный)?",
  "anexo",
  "ramal",
  "poste",
  "interno?",
  "toestel",
  "tst",
  "nebenstelle",
  "durchwahl",
  "内線",
  "转|轉",
  "내선",
].join("|");
const DIGITS_END = String.raw`[:.]?[\s,-]{0,4}`;
/** Limits of libphonenumber: the less clear the sign, the fewer digits. */
const EXTENSION = new RegExp(
  [
    `(?:${WORDS})${DIGITS_END}\\d{1,20}#?$`,
    `(?:[x#~]|int)${DIGITS_END}\\d{1,9}#?$`,
    // Pauses of a dialler.
    String.raw`(?<=\d)[pw]\d{1,9}#?$`,
    String.raw`,\s?\d{1,9}#?$`,
    String.raw`,,\s?\d{1,15}#?$`,
    String.raw`[ -]\d{1,6}#$`,
  ].join("|"),
  "iu",
);
/** `x508/x1234`: the second of two extensions. */
const SECOND = /(?<=x ?\d{1,9}) ?[\\/] ?x ?\d{1,9}$/i;

/** A text without its extension. */
export interface WithoutExtension {
  readonly text: string;
  readonly hadExtension: boolean;
}

/**
 * [pure] Takes the extension off a number in plain text (see `plain-text.ts`), and the `#` with which callers
 * end what they key in.
 */
export function withoutExtension(number: string): WithoutExtension {
  const text = number.trim().replace(SECOND, "");
  const at = text.search(EXTENSION);
  if (at < 0) return { text: text.replace(/(?<=\d)#$/, ""), hadExtension: false };
  return { text: text.slice(0, at).replace(/[\s,-]{1,99}$/, ""), hadExtension: true };
}
