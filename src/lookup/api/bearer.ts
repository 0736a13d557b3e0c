import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../../resilience/sign-in/secret.ts";

/** Verifies the `Authorization: Bearer …` header of callers. */
export interface Bearers {
  /** Whether the header holds one of the secrets, by their values in memory. */
  known(authorization: string | undefined): boolean;
  /** Reads the secrets again from their store, and checks the header against changed ones. */
  knownAfterRefresh(authorization: string | undefined): Promise<boolean>;
}

/**
 * Any of the secrets is valid, so that callers can rotate from one to the other. The comparison takes
 * constant time: it always compares the whole digests of all secrets.
 */
export function createBearers(secrets: readonly Secret[]): Bearers {
  function known(authorization: string | undefined): boolean {
    const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return false;
    const digest = digestOf(token);
    const same = secrets.map((secret) => timingSafeEqual(digestOf(secret.current()), digest));
    return same.includes(true);
  }

  return {
    known,
    async knownAfterRefresh(authorization) {
      const renewed = await Promise.all(secrets.map((secret) => secret.renewed(secret.current())));
      return renewed.some(({ changed }) => changed) && known(authorization);
    },
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
