import type { EmailAddress } from "./identity.ts";

const MAX_LENGTH = 254;
const LOCAL = /^(?=.{1,64}$)[a-z0-9_+&=~#!$%-]+(?:\.[a-z0-9_+&=~#!$%-]+)*$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`);

/**
 * One email address out of `text`: bare, or as `Name <a@b.example>`; lower case.
 * The allow-list is narrower than RFC 5322 on purpose. The address becomes part of a query to Oracle,
 * so quotes, the apostrophe, `;`, the backslash, white space, control characters and everything
 * outside ASCII make it no address at all.
 */
export function emailAddress(text: string): EmailAddress | undefined {
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  if (bare.length > MAX_LENGTH) return undefined;
  const address = bare.toLowerCase();
  const at = address.lastIndexOf("@");
  if (!LOCAL.test(address.slice(0, at)) || !DOMAIN.test(address.slice(at + 1))) return undefined;
  return address as EmailAddress;
}
