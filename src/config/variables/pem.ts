import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { readSigningKey, UnusableKey } from "../../resilience/sign-in/signing-key.ts";

/** An RSA key that may sign (RS256). */
export const signingKey = z.string().transform((value, context) => {
  try {
    readSigningKey(value);
  } catch (error) {
    if (!(error instanceof UnusableKey)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
  return value;
});

/** One or more certificates. */
export const certificates = z
  .string()
  .refine(isCertificates, "must be one or more certificates in PEM, or the path of a file");

function isCertificates(value: string): boolean {
  const blocks = value.match(/-----BEGIN [A-Z0-9 ]+-----[^-]*-----END [A-Z0-9 ]+-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    return false;
  }
  return blocks.length > 0;
}

/** A private key of any kind, not encrypted. */
export const plainPrivateKey = z
  .string()
  .refine(isPrivateKey, "must be a private key in PEM, not encrypted, or the path of a file");

function isPrivateKey(value: string): boolean {
  try {
    createPrivateKey(value);
    return true;
  } catch {
    return false;
  }
}
