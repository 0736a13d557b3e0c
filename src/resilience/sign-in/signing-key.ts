import { createPrivateKey, type KeyObject } from "node:crypto";

/** What is wrong with a private key, and the cure. The message holds nothing of the key. */
export class UnusableKey extends Error {
  override readonly name = "UnusableKey";
}

/** The shortest RSA key for RS256 (RFC 7518, section 3.3). */
const LEAST_BITS = 2048;

/**
 * [pure] Reads a private key for RS256 from PEM: PKCS#8 or PKCS#1. The two characters `\n` are read as a
 * line end, because environment files write them so.
 * @throws {UnusableKey} if it is anything else.
 */
export function readSigningKey(pem: string): KeyObject {
  const text = pem.replaceAll("\\n", "\n").trim();
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label === undefined) {
    throw new UnusableKey("must be a private key in PEM, or the path of a file with one");
  }
  if (label === "ENCRYPTED PRIVATE KEY" || text.includes("Proc-Type: 4,ENCRYPTED")) {
    throw new UnusableKey(
      "is encrypted: remove the pass phrase with `openssl pkcs8 -topk8 -nocrypt`",
    );
  }
  if (!label.endsWith("PRIVATE KEY")) {
    throw new UnusableKey(`must be a private key, is a ${label}`);
  }
  const key = parse(text);
  if (key.asymmetricKeyType !== "rsa") {
    throw new UnusableKey(`must be an RSA key, is ${key.asymmetricKeyType ?? "of another kind"}`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) {
    throw new UnusableKey(`must be an RSA key of ${LEAST_BITS} bits at least, has ${bits}`);
  }
  return key;
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: "pem" });
  } catch {
    throw new UnusableKey("is incomplete or damaged: it cannot be read as PKCS#8 in PEM");
  }
}
