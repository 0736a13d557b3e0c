import { randomUUID } from "node:crypto";

export interface IssuedTokensOptions {
  readonly lifeSeconds: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A revoked token is `unknown`. */
type TokenStatus = "valid" | "expired" | "unknown";

/** The holder of a token: a client, or a user who signed in with that client. */
export interface TokenHolder {
  readonly clientId: string;
  readonly userId?: string;
}

/** The access tokens of one simulator. */
export interface IssuedTokens {
  readonly lifeSeconds: number;
  issue(scopes: readonly string[], holder: TokenHolder): string;
  statusOf(token: string): TokenStatus;
  /** The scopes of a token; none if it is unknown. */
  scopesOf(token: string): readonly string[];
  /** The holder of a token. Undefined if it is unknown. */
  holderOf(token: string): TokenHolder | undefined;
  /** Revokes all tokens issued so far, or only those of one client. */
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
    statusOf(token) {
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
