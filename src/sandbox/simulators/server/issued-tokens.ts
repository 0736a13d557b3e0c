import { randomUUID } from "node:crypto";

export interface IssuedTokensOptions {
  readonly lifeSeconds: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** `unknown` stands for a revoked token too: a server that forgot it cannot tell. */
type TokenStanding = "valid" | "expired" | "unknown";

/** Whom a token stands for: the client itself, or a user who signed in through it. */
export interface TokenHolder {
  readonly clientId: string;
  readonly userId?: string;
}

/** The access tokens that one simulator has issued. */
export interface IssuedTokens {
  readonly lifeSeconds: number;
  issue(scopes: readonly string[], holder: TokenHolder): string;
  standing(token: string): TokenStanding;
  /** The scopes of a token that was issued and not revoked. */
  scopesOf(token: string): readonly string[];
  /** Whose a token is that was issued and not revoked. */
  holderOf(token: string): TokenHolder | undefined;
  /** Makes every token issued so far worthless before its time; only those of one client where it is named. */
  revokeAll(clientId?: string): void;
}

interface Issued {
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly holder: TokenHolder;
}

export function createIssuedTokens(options: IssuedTokensOptions): IssuedTokens {
  const { lifeSeconds, now } = options;
  const issued = new Map<string, Issued>();

  return {
    lifeSeconds,
    issue(scopes, holder) {
      const token = randomUUID();
      issued.set(token, { expiresAt: now() + lifeSeconds * 1000, scopes, holder });
      return token;
    },
    standing(token) {
      const found = issued.get(token);
      if (found === undefined) return "unknown";
      return now() < found.expiresAt ? "valid" : "expired";
    },
    scopesOf: (token) => issued.get(token)?.scopes ?? [],
    holderOf: (token) => issued.get(token)?.holder,
    revokeAll(clientId) {
      for (const [token, { holder }] of issued) {
        if (clientId === undefined || holder.clientId === clientId) issued.delete(token);
      }
    },
  };
}

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if there is one. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? "")?.[1];
}
