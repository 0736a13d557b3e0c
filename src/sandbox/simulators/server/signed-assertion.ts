import { X509Certificate } from "node:crypto";
import { jwtVerify } from "jose";

/** A certificate that an administrator uploaded for a client (identity domains, "Trusted client"). */
export interface TrustedKey {
  /** PEM. */
  readonly certificate: string;
  /** Its name, which an assertion has as `kid`. */
  readonly alias: string;
  /** Compared exactly, including a trailing slash. */
  readonly audience: string;
  /** Users that the client may act for. */
  readonly users?: readonly string[];
}

/** The maximum lifetime that identity domains are known to accept. */
const MAX_LIFETIME_SECONDS = 3600;
/** Ids of used assertions: each is valid for one request (RFC 7523, section 3, "jti"). */
const usedIds = new WeakMap<TrustedKey, Set<string>>();

/** Whether `assertion` identifies the client, is signed with RS256 and valid at `at` (epoch ms). */
export function isAssertionOf(
  clientId: string,
  assertion: string,
  key: TrustedKey,
  at: number,
): Promise<boolean> {
  return verify(assertion, key, at, { issuer: clientId, subjects: [clientId] });
}

/** Whether `assertion` is signed by the client for one of the users that it may act for. */
export function isUserAssertionOf(
  clientId: string,
  assertion: string,
  key: TrustedKey,
  at: number,
): Promise<boolean> {
  return verify(assertion, key, at, { issuer: clientId, subjects: key.users ?? [] });
}

async function verify(
  assertion: string,
  key: TrustedKey,
  at: number,
  expected: { readonly issuer: string; readonly subjects: readonly string[] },
): Promise<boolean> {
  const { publicKey, fingerprint } = new X509Certificate(key.certificate);
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
      algorithms: ["RS256"],
      issuer: expected.issuer,
      audience: key.audience,
      currentDate: new Date(at),
      requiredClaims: ["iss", "sub", "aud", "iat", "exp", "jti"],
      typ: "JWT",
    });
    const { sub = "", iat = 0, exp = 0, jti = "", aud } = payload;
    // No tolerance: an assertion of a client whose clock is ahead is refused.
    const inTime = iat * 1000 <= at && exp - iat <= MAX_LIFETIME_SECONDS;
    const thumbprint = Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url");
    return (
      isNamed(protectedHeader, key.alias, thumbprint) &&
      inTime &&
      typeof aud === "string" &&
      expected.subjects.includes(sub) &&
      isNew(key, jti)
    );
  } catch {
    return false;
  }
}

/** Whether the header names the key by `kid`, `x5t` or both. */
function isNamed(
  { kid, x5t }: { readonly kid?: string; readonly x5t?: string },
  alias: string,
  thumbprint: string,
): boolean {
  if (kid === undefined && x5t === undefined) return false;
  return (kid === undefined || kid === alias) && (x5t === undefined || x5t === thumbprint);
}

function isNew(key: TrustedKey, jti: string): boolean {
  const used = usedIds.get(key) ?? new Set();
  usedIds.set(key, used);
  if (jti === "" || used.has(jti)) return false;
  used.add(jti);
  return true;
}
