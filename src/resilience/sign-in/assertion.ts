import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { EpochMs } from "../../domain/time.ts";
import type { Secret } from "./secret.ts";
import { readSigningKey } from "./signing-key.ts";

/** How the identity domain finds the public key: by its alias, or by the thumbprint of its certificate. */
export type KeyName = { readonly kid: string } | { readonly x5t: string };

/**
 * [pure] Reads `<alias>`, or `x5t:<thumbprint>`: SHA-1, in hex (with colons, as openssl prints it) or in
 * base64url (RFC 7515, section 4.1.7).
 * @returns undefined if it is neither.
 */
export function readKeyName(text: string): KeyName | undefined {
  if (!text.startsWith("x5t:")) return { kid: text };
  const thumbprint = text.slice("x5t:".length);
  const hex = thumbprint.replaceAll(":", "");
  if (/^[\da-f]{40}$/i.test(hex)) return { x5t: Buffer.from(hex, "hex").toString("base64url") };
  return /^[\w-]{27}$/.test(thumbprint) ? { x5t: thumbprint } : undefined;
}

/** A private key whose public key is registered in an identity domain. */
export interface AssertionKey {
  /** PEM. */
  readonly privateKey: Secret;
  readonly name: KeyName;
  readonly audience: string;
}

/** Issuer and subject of an assertion. */
interface Claims {
  readonly issuer: string;
  readonly subject: string;
}

/** For an identity domain whose clock is behind ours. */
const BACK_DATED_S = 30;
/** An assertion is used at once, and only once. */
const LIFE_S = 120;

/**
 * Signs one assertion, valid for two minutes and one request (RFC 7523, section 3; Oracle Identity
 * Cloud, "Using a Client Assertion"): RS256, with `kid` or `x5t`, and a unique `jti`.
 * @param pem the current value of the private key
 * @throws {UnusableKey} if the PEM is not an RSA private key.
 */
export function signAssertion(
  pem: string,
  { name, audience }: Omit<AssertionKey, "privateKey">,
  { issuer, subject }: Claims,
  now: EpochMs,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256", typ: "JWT", ...name })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(seconds - BACK_DATED_S)
    .setExpirationTime(seconds + LIFE_S)
    .setJti(randomUUID())
    .sign(readSigningKey(pem));
}
