import { readDomain } from "./domain-name.ts";
import type { EmailAddress } from "./identity.ts";
import { bareAddress } from "./name-addr.ts";

const MAX_LENGTH = 254;
const MAX_LOCAL = 64;
/** A dot-atom of RFC 5321. `'`, `/` and `*` are part of it. */
const DOT_ATOM = /^[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*$/;
/** What a quoted local part may hold here: a query to Oracle takes no `;`, backslash or control character. */
const QUOTABLE = /^[ !#-:<-[\]-~]+$/;
/** Marks that neither a local part nor a domain has. A domain may have the two joiners. */
const INVISIBLE = /(?!\u200c|\u200d)\p{Cf}/gu;

/** A mailbox that a query to Oracle can carry. */
export interface Mailbox {
  /** RFC 5321: the domain in ASCII; lower case. */
  readonly address: EmailAddress;
  /** As typed, and with the domain in its own script; without `address` and without duplicates. */
  readonly spellings: readonly string[];
}

/**
 * [pure] The mailbox that `text` is, without a display name. A quoted local part is unquoted if it can be.
 * Undefined if `text` is no address, or none that a query to Oracle can carry: an address of RFC 6531 whose
 * local part is not ASCII, an address literal, a local part with `;`, a backslash or control characters.
 */
export function readMailbox(text: string): Mailbox | undefined {
  const bare = text.replace(INVISIBLE, "").trim();
  if (bare.length > 2 * MAX_LENGTH) return undefined;
  const at = bare.lastIndexOf("@");
  const local = at < 0 ? undefined : readLocal(bare.slice(0, at));
  const typedDomain = bare.slice(at + 1);
  const domain = readDomain(typedDomain);
  if (local === undefined || domain === undefined) return undefined;
  const address = `${local}@${domain.ascii}`.toLowerCase();
  if (address.length > MAX_LENGTH) return undefined;
  const typed = typedDomain.normalize("NFC").replace(/[.\u3002\uff0e\uff61]$/u, "");
  const spellings = new Set([`${local}@${typed}`, `${local.toLowerCase()}@${domain.unicode}`]);
  spellings.delete(address);
  return {
    address: address as EmailAddress,
    spellings: [...spellings].filter((spelling) => spelling.length <= MAX_LENGTH),
  };
}

/**
 * [pure] The email address in `text` (bare, or `Name <a@b.example>`); undefined if there is none, or more
 * than one. See {@link readMailbox}.
 */
export function emailAddress(text: string): EmailAddress | undefined {
  const bare = bareAddress(text);
  return bare === undefined ? undefined : readMailbox(bare)?.address;
}

/** The local part in its plainest form, its case kept. */
function readLocal(text: string): string | undefined {
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  const content = quoted === undefined ? text : unescaped(quoted);
  if (content === undefined || content.length > MAX_LOCAL) return undefined;
  if (DOT_ATOM.test(content)) return content;
  const rewritten = `"${content}"`;
  return quoted !== undefined && QUOTABLE.test(content) && rewritten.length <= MAX_LOCAL
    ? rewritten
    : undefined;
}

/** The content of a quoted string; undefined if a quotation mark ends it before its end. */
function unescaped(quoted: string): string | undefined {
  return /^(?:[^"\\]|\\.)*$/s.test(quoted) ? quoted.replace(/\\(.)/gs, "$1") : undefined;
}
