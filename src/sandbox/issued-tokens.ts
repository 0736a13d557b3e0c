import { randomUUID } from "node:crypto";

export interface IssuedTokensOptions {
  readonly lifeSeconds: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** `unknown` stands for a revoked token too: a server that forgot it cannot tell. */
export type TokenStanding = "valid" | "expired" | "unknown";

/** The access tokens that one simulator has issued. */
export interface IssuedTokens {
  readonly lifeSeconds: number;
  issue(scopes: readonly string[]): string;
  standing(token: string): TokenStanding;
  /** The scopes of a token that was issued and not revoked. */
  scopesOf(token: string): readonly string[];
  /** Makes every token issued so far worthless before its time. */
  revokeAll(): void;
}

export function createIssuedTokens(options: IssuedTokensOptions): IssuedTokens {
  const { lifeSeconds, now } = options;
  const issued = new Map<string, { expiresAt: number; scopes: readonly string[] }>();

  return {
    lifeSeconds,
    issue(scopes) {
      const token = randomUUID();
      issued.set(token, { expiresAt: now() + lifeSeconds * 1000, scopes });
      return token;
    },
    standing(token) {
      const found = issued.get(token);
      if (found === undefined) return "unknown";
      return now() < found.expiresAt ? "valid" : "expired";
    },
    scopesOf: (token) => issued.get(token)?.scopes ?? [],
    revokeAll: () => issued.clear(),
  };
}

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if there is one. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? "")?.[1];
}
