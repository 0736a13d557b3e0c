import { X509Certificate } from "node:crypto";
import { jwtVerify } from "jose";

/** A certificate that an administrator has uploaded for a client (identity domains, "Trusted client"). */
export interface TrustedKey {
  /** PEM. */
  readonly certificate: string;
  /** The name it was given there: an assertion's `kid`. */
  readonly alias: string;
  /** Compared letter for letter, a slash at its end included. */
  readonly audience: string;
  /** The users on whose behalf the client may ask. */
  readonly users?: readonly string[];
}

/** The longest life of an assertion that identity domains are known to accept, in seconds. */
const LONGEST_LIFE_SECONDS = 3600;
/** One assertion is good for one request (RFC 7523, section 3, "jti"). */
const seen = new WeakMap<TrustedKey, Set<string>>();

/** Whether `assertion` is the client's own, signed with RS256 and in date. `at` is epoch ms. */
export function isAssertionOf(
  clientId: string,
  assertion: string,
  key: TrustedKey,
  at: number,
): Promise<boolean> {
  return verify(assertion, key, at, { issuer: clientId, subjects: [clientId] });
}

/** Whether `assertion` is signed by the client for one of the users that it may stand for. */
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
    // A clock that is a little ahead of ours would make an assertion of the future.
    const inTime = iat * 1000 <= at && exp - iat <= LONGEST_LIFE_SECONDS;
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

/** By `kid`, by `x5t`, or by both where both are right. */
function isNamed(
  { kid, x5t }: { readonly kid?: string; readonly x5t?: string },
  alias: string,
  thumbprint: string,
): boolean {
  if (kid === undefined && x5t === undefined) return false;
  return (kid === undefined || kid === alias) && (x5t === undefined || x5t === thumbprint);
}

function isNew(key: TrustedKey, jti: string): boolean {
  const known = seen.get(key) ?? new Set();
  seen.set(key, known);
  if (jti === "" || known.has(jti)) return false;
  known.add(jti);
  return true;
}
