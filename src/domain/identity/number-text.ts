import { withoutExtension } from "./extension.ts";
import type { Unusable } from "./identity.ts";
import type { PhoneStyle } from "./phone.ts";
import { plainText } from "./plain-text.ts";
import { type NumberContext, readContext } from "./tel-parameters.ts";

/** The text of a telephone number, before it is checked against a numbering plan. */
export type NumberText =
  | {
      readonly kind: "phone";
      /** In ASCII, without scheme, parameters and extension; `+` can only be first. Seven digits or more. */
      readonly text: string;
      /** How to read it, if it says that itself. Otherwise its source decides. */
      readonly style?: PhoneStyle;
    }
  | { readonly kind: "unusable"; readonly why: Unusable };

/** 15 digits of E.164, and two in which people keep other things. */
const MAX_DIGITS = 17;
const MIN_DIGITS = 7;

const WITHHELD =
  /^(?:anonymous|unknown|restricted|unavailable|private|withheld|blocked|none|not[ _-]?available)(?:[ _-]?(?:caller|number|user))?$/i;
/**
 * ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED and PRIVATE spelled on a telephone's keys:
 * carriers send these instead of a withheld number, and some exchanges send only zeros
 * (SIPSTACK, "Why am I receiving calls from 266696687?"; Kazoo, "Caller ID Privacy").
 */
const WITHHELD_DIGITS = /^1?(?:266696687|7378742833|86282452253|8656696|2562533|7748283|0+)$/;
/** `+`, also doubled or in brackets: `(+44) 20…`. */
const PLUS = /^[([ ]*\+[+ ]*/;
const NUMBER = /^[\d ().\-/\u00b7[\]]+$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * [pure] Reads a number with its parameters and its extension, as `tel:` and the user part of `sip:` have it.
 * @param otherwise the reason for a text that is neither a number nor a word for a withheld one
 */
export function readNumber(raw: string, otherwise: Unusable): NumberText {
  const [written = "", ...parameters] = plainText(raw).split(";");
  const { text, hadExtension } = withoutExtension(written);
  const isExtension = hadExtension || parameters.some((one) => /^\s*ext\s*=/i.test(one));
  if (WITHHELD.test(text)) return unusable("withheld");
  if (text === "" && isExtension) return unusable("internal");
  if (UUID.test(written.trim())) return unusable(otherwise);
  const number = numberOf(text);
  if (number === undefined) return unusable(otherwise);
  if (WITHHELD_DIGITS.test(number.replace(/\D/g, ""))) return unusable("withheld");
  return inContext(number, readContext(parameters));
}

/** The number with its `+` in front; undefined if it has anything but digits and separators. */
function numberOf(text: string): string | undefined {
  const plus = PLUS.exec(text)?.[0];
  const rest = plus === undefined ? text : text.slice(plus.length).replace(/^[)\] ]+/, "");
  if (!NUMBER.test(rest) || !/\d/.test(rest)) return undefined;
  return plus === undefined ? rest : `+${rest}`;
}

/** A number that is local to a private network is nobody's outside it. */
function inContext(number: string, context: NumberContext): NumberText {
  if (context.kind === "unclear") return unusable("opaque");
  if (number.startsWith("+") || context.kind === "none") return ofLength({ text: number });
  if (context.kind !== "global") return unusable("internal");
  return ofLength({ text: context.prefix + number, style: "global" });
}

function ofLength(number: { readonly text: string; readonly style?: PhoneStyle }): NumberText {
  const digits = number.text.replace(/\D/g, "");
  if (digits.length < MIN_DIGITS) return unusable("short_number");
  const significant = digits.replace(/^(?:0011|011|00)/, "");
  return significant.length > MAX_DIGITS ? unusable("opaque") : { kind: "phone", ...number };
}

function unusable(why: Unusable): NumberText {
  return { kind: "unusable", why };
}
