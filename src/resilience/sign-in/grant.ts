import type { EpochMs } from "../../domain/time.ts";
import { type AssertionKey, signAssertion } from "./assertion.ts";
import type { Renewal, Secret } from "./secret.ts";

/** What a client proves that it is itself with. */
export type ClientProof =
  | { readonly by: "secret"; readonly secret: Secret }
  | { readonly by: "key"; readonly key: AssertionKey };

/** An OAuth client, and the user on whose behalf it asks, where there is one. */
export interface OAuthClientLogin {
  readonly clientId: string;
  readonly proof: ClientProof;
  /** The token is this user's (RFC 7523, section 2.1). */
  readonly user?: { readonly name: string; readonly key: AssertionKey };
  readonly scope?: string | undefined;
}

/** The next token request, and what it was made with. */
export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** A form. */
  readonly body: string;
  /** Looks whether a secret that this request was made with has another value by now. */
  renewed(): Promise<Renewed>;
}

export interface Renewed {
  /** The variables whose value has changed. */
  readonly changed: readonly string[];
  /** Why a look at one of them failed. */
  readonly because: readonly string[];
}

const USER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Makes a token request (RFC 6749, section 4.4; RFC 7523). Each assertion is made anew: it is good
 * for one request.
 * @param now the time that assertions are issued at
 * @throws {UnusableKey} where a key that was changed is none.
 */
export async function tokenRequest(client: OAuthClientLogin, now: EpochMs): Promise<TokenRequest> {
  const { clientId, proof, user, scope } = client;
  const used: { readonly secret: Secret; readonly value: string }[] = [];
  const take = (secret: Secret): string => {
    const value = secret.current();
    used.push({ secret, value });
    return value;
  };
  const sign = ({ privateKey, ...key }: AssertionKey, subject: string) =>
    signAssertion(take(privateKey), key, { issuer: clientId, subject }, now);

  const form = new URLSearchParams({ grant_type: "client_credentials" });
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (user !== undefined) {
    form.set("grant_type", USER_GRANT);
    form.set("assertion", await sign(user.key, user.name));
  }
  if (proof.by === "secret") {
    headers.authorization = basic(clientId, take(proof.secret));
  } else {
    form.set("client_assertion_type", ASSERTION_TYPE);
    form.set("client_assertion", await sign(proof.key, clientId));
  }
  if (scope !== undefined && scope !== "") form.set("scope", scope);

  return {
    headers,
    body: form.toString(),
    async renewed() {
      const looks: (readonly [string, Renewal])[] = await Promise.all(
        used.map(async ({ secret, value }) => [secret.variable, await secret.renewed(value)]),
      );
      const told = looks.flatMap(([, look]) =>
        look.changed || look.because === undefined ? [] : [look.because],
      );
      return {
        changed: [...new Set(looks.filter(([, look]) => look.changed).map(([name]) => name))],
        because: [...new Set(told)],
      };
    },
  };
}

/** The value of an `Authorization` header (RFC 7617). */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}
