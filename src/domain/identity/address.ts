import { emailAddress } from "./email.ts";
import type { EmailAddress, Unusable } from "./identity.ts";

/** One address of a Genesys event, before it is checked against a numbering plan. */
export type Address =
  | {
      readonly kind: "phone";
      /** As written, without scheme, parameters and extension. Seven digits or more. */
      readonly text: string;
    }
  | { readonly kind: "email"; readonly address: EmailAddress }
  | { readonly kind: "unusable"; readonly why: Unusable };

/** Anything longer is an id of another system, not a SIP URI or a mailbox of a customer. */
const MAX_LENGTH = 512;
/** 15 digits of E.164 after an international prefix such as `00`. */
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
/** An extension, or parameters such as `;ext=12` and `;tgrp=ab12;trunk-context=byoc.example`. */
const TAIL = /(?:;.*|\s*(?:,+|#|x|ext\.?|extension)\s*\d{1,7}#?)$/i;
const NUMBER = /^\+?[\d\s().\-/\u00b7\u2010-\u2015]+$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * [pure] Reads one address of a Genesys event: `tel:`, `sip:` and `mailto:` URIs, typed numbers and
 * mailboxes, and the forms of withheld and internal callers.
 */
export function readAddress(raw: string | undefined): Address {
  const text = (raw ?? "").replace(/\p{Cf}/gu, "").trim();
  if (text === "") return unusable("no_address");
  if (text.length > MAX_LENGTH) return unusable("opaque");
  const uri = /<([^<>]+)>/.exec(text)?.[1]?.trim() ?? text;
  const scheme = /^(tel|sips?|mailto):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return readBare(uri.includes("@") ? uri : decoded(uri));
  const body = decoded(uri.slice(scheme.length + 1));
  if (scheme === "tel") return readNumber(body, "withheld");
  return scheme === "mailto" ? readMailbox(body.replace(/\?.*$/s, "")) : readSip(body);
}

function readSip(body: string): Address {
  const at = body.lastIndexOf("@");
  const host = body.slice(at + 1).replace(/[;:?].*$/s, "");
  if (/(?:^|\.)invalid$/i.test(host)) return unusable("withheld");
  const user = at < 0 ? body : body.slice(0, at);
  // Without a user part the URI is only a host, and its octets are not a number.
  return /^\d+(?:\.\d+){3}/.test(user) ? unusable("internal") : readNumber(user, "internal");
}

function readBare(text: string): Address {
  return text.includes("@") ? readMailbox(text) : readNumber(text, "opaque");
}

function readMailbox(text: string): Address {
  const address = emailAddress(text);
  if (/^(?:anonymous|unknown)@|[@.]invalid$/i.test(text)) return unusable("withheld");
  return address === undefined ? unusable("opaque") : { kind: "email", address };
}

/** @param otherwise the reason for a text that is neither a number nor a word for a withheld one */
function readNumber(raw: string, otherwise: Unusable): Address {
  const text = raw.trim().replace(TAIL, "").trim();
  if (WITHHELD.test(text)) return unusable("withheld");
  if (UUID.test(text) || !NUMBER.test(text)) return unusable(otherwise);
  const digits = text.replace(/\D/g, "");
  if (WITHHELD_DIGITS.test(digits)) return unusable("withheld");
  if (digits.length < MIN_DIGITS) return unusable("short_number");
  return digits.length > MAX_DIGITS ? unusable("opaque") : { kind: "phone", text };
}

function unusable(why: Unusable): Address {
  return { kind: "unusable", why };
}

/** Percent-decoded if possible. The result must still pass the allow-lists. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
