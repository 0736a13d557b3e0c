import type { Identity } from "./identity.ts";

/**
 * An identity as logs may hold it: `+1555…99`, `a…@example.com`. Enough for a reader to recognise a
 * number that they know; at least four digits of any number stay hidden.
 */
export function maskIdentity(identity: Identity): string {
  if (identity.kind === "email") {
    const at = identity.address.lastIndexOf("@");
    return `${at > 2 ? identity.address.charAt(0) : ""}…${identity.address.slice(at)}`;
  }
  const digits = identity.number.slice(1);
  return `+${digits.slice(0, Math.max(1, Math.min(4, digits.length - 7)))}…${digits.slice(-2)}`;
}
