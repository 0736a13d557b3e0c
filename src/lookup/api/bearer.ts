import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../../resilience/sign-in/secret.ts";

/** Tells callers with a good `Authorization: Bearer …` from others. */
export interface Bearers {
  /** Whether the header holds one of the secrets, as they are known now. */
  known(authorization: string | undefined): boolean;
  /** Looks for changed secrets where they are kept, then asks again. */
  knownAfterAll(authorization: string | undefined): Promise<boolean>;
}

/**
 * Any of the secrets will do, so that callers can change from one to the other. Comparing takes as long
 * for a wrong one as for a right one: digests are compared, all of them, to their last byte.
 */
export function createBearers(secrets: readonly Secret[]): Bearers {
  function known(authorization: string | undefined): boolean {
    const given = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? "")?.[1];
    if (given === undefined) return false;
    const digest = digestOf(given);
    const same = secrets.map((secret) => timingSafeEqual(digestOf(secret.current()), digest));
    return same.includes(true);
  }

  return {
    known,
    async knownAfterAll(authorization) {
      const renewed = await Promise.all(secrets.map((secret) => secret.renewed(secret.current())));
      return renewed.some(({ changed }) => changed) && known(authorization);
    },
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
