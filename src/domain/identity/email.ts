import type { EmailAddress } from "./identity.ts";

const MAX_LENGTH = 254;
const LOCAL = /^(?=.{1,64}$)[a-z0-9_+&=~#!$%-]+(?:\.[a-z0-9_+&=~#!$%-]+)*$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`);

/**
 * [pure] The email address in `text` (bare, or `Name <a@b.example>`) in lower case; undefined if there is
 * none. The allow-list is narrower than RFC 5322, because the address becomes part of a query to Oracle:
 * quotes, `;`, the backslash, white space, control characters and everything outside ASCII are rejected.
 */
export function emailAddress(text: string): EmailAddress | undefined {
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  if (bare.length > MAX_LENGTH) return undefined;
  const address = bare.toLowerCase();
  const at = address.lastIndexOf("@");
  if (!LOCAL.test(address.slice(0, at)) || !DOMAIN.test(address.slice(at + 1))) return undefined;
  return address as EmailAddress;
}
