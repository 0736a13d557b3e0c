import { importSPKI, jwtVerify } from "jose";

/** A public key that an administrator has uploaded for a client. */
export interface TrustedKey {
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** The alias of the certificate (`kid`), or its SHA-1 thumbprint (`x5t`): either is accepted. */
  readonly keyId: string;
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
  try {
    const { payload, protectedHeader } = await jwtVerify(
      assertion,
      await importSPKI(key.publicKey, "RS256"),
      {
        algorithms: ["RS256"],
        issuer: expected.issuer,
        audience: key.audience,
        currentDate: new Date(at),
        requiredClaims: ["iss", "sub", "aud", "iat", "exp", "jti"],
        typ: "JWT",
      },
    );
    const { sub = "", iat = 0, exp = 0, jti = "" } = payload;
    const named = [protectedHeader.kid, protectedHeader.x5t].includes(key.keyId);
    // A clock that is a little ahead of ours would make an assertion of the future.
    const inTime = iat * 1000 <= at && exp - iat <= LONGEST_LIFE_SECONDS;
    return named && inTime && expected.subjects.includes(sub) && isNew(key, jti);
  } catch {
    return false;
  }
}

function isNew(key: TrustedKey, jti: string): boolean {
  const known = seen.get(key) ?? new Set();
  seen.set(key, known);
  if (known.has(jti)) return false;
  known.add(jti);
  return true;
}
