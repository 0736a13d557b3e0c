import { type Mailbox, readMailbox } from "./email.ts";
import type { Unusable } from "./identity.ts";
import { bareAddress } from "./name-addr.ts";
import { type NumberText, readNumber } from "./number-text.ts";
import { percentDecoded, plainText, visible } from "./plain-text.ts";

/** One address of a Genesys event, before it is checked against a numbering plan. */
export type Address = NumberText | ({ readonly kind: "email" } & Mailbox);

/** Anything longer is an id of another system, not a SIP URI or a mailbox of a customer. */
const MAX_LENGTH = 512;
const SCHEME = /^(?:tel|callto|phone|sms|smsto|whatsapp|sips?|mailto)\s?:/i;

/**
 * [pure] Reads one address of a Genesys event: `tel:`, `sip:`, `mailto:` and other URIs, typed numbers and
 * mailboxes, and the forms of withheld and internal callers. It throws for no text whatsoever.
 */
export function readAddress(raw: string | undefined): Address {
  if (raw === undefined) return unusable("no_address");
  const text = raw.length > 4 * MAX_LENGTH ? raw : raw.trim();
  if (text.length > MAX_LENGTH) return unusable("opaque");
  if (visible(text).trim() === "") return unusable("no_address");
  const address = bareAddress(text);
  if (address === undefined) return unusable("opaque");
  const uri = plainUri(address);
  const scheme = SCHEME.exec(uri)?.[0] ?? "";
  const body = uri.slice(scheme.length).replace(/^\/\//, "");
  return readScheme(scheme.replace(/\W/g, "").toLowerCase(), body);
}

function readScheme(scheme: string, body: string): Address {
  const decoded = () => percentDecoded(body.replace(/\?.*$/s, ""));
  switch (scheme) {
    case "sip":
    case "sips":
      return readSip(body);
    case "mailto":
      return mailbox(decoded());
    case "tel":
      return readNumber(decoded(), "withheld");
    case "whatsapp":
      return readWhatsApp(decoded());
    case "":
      return body.includes("@") ? mailbox(body) : readNumber(body, "opaque");
    default:
      return readNumber(decoded(), "opaque");
  }
}

/**
 * The text without marks before its scheme or its `+`, with its scheme in ASCII. If even the `@` is
 * full-width, the whole address was typed on an East Asian keyboard. Full-width letters before an `@` may be
 * another mailbox (RFC 6531).
 */
function plainUri(address: string): string {
  const text = address.replace(/^\p{Cf}+/u, "").trimStart();
  if (text.includes("@")) return text;
  if (text.includes("\uff20")) return text.replace(/[\uff01-\uff5e]/g, halfWidth);
  const plain = plainText(text);
  return SCHEME.test(plain) ? plain : percentDecoded(plain);
}

function halfWidth(sign: string): string {
  return String.fromCharCode(sign.charCodeAt(0) - 0xfee0);
}

/** An id of WhatsApp always begins with a country code. */
function readWhatsApp(text: string): Address {
  const read = readNumber(text, "opaque");
  return read.kind === "phone" ? { style: "whatsapp", ...read } : read;
}

function mailbox(text: string): Address {
  if (/^(?:anonymous|unknown)@|[@.]invalid\.?$/i.test(text)) return unusable("withheld");
  const read = readMailbox(text);
  return read === undefined ? unusable("opaque") : { kind: "email", ...read };
}

/** RFC 3261, section 19.1: `user;parameters:password@host:port;parameters?headers`. */
function readSip(body: string): Address {
  const escaped = body.includes("@") ? body : percentDecoded(body);
  const uri = escaped.replace(/^([^@]*@[^?]*)\?.*$/s, "$1");
  const at = uri.lastIndexOf("@");
  if (isInvalid(uri.slice(at + 1))) return unusable("withheld");
  // Without a user part the URI is only a host, and its octets are not a number.
  if (at < 0 && /^(?:\d+(?:\.\d+){3}|\[)/.test(uri)) return unusable("internal");
  const user = at < 0 ? uri : uri.slice(0, at);
  const [name = "", ofUser] = percentDecoded(user.replace(/:.*$/s, "")).split("@");
  if (ofUser !== undefined && isInvalid(ofUser)) return unusable("withheld");
  // An account with an address of its own is a number only if it says so by its `+`.
  if (ofUser !== undefined && !name.startsWith("+")) return unusable("internal");
  // Some exchanges put the parameters of the number behind the host.
  const [, ...parameters] = uri.slice(at + 1).split(";");
  return readNumber([name, ...(at < 0 ? [] : parameters)].join(";"), "internal");
}

/** Whether the host is of the domain that carriers use for callers who withhold their number (RFC 3323). */
function isInvalid(host: string): boolean {
  return /(?:^|\.)invalid\.?$/i.test(host.replace(/[;:?].*$/s, ""));
}

function unusable(why: Unusable): Address {
  return { kind: "unusable", why };
}
