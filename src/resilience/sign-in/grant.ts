import type { EpochMs } from "../../domain/time.ts";
import { type AssertionKey, signAssertion } from "./assertion.ts";
import type { Renewal, Secret } from "./secret.ts";

/** How a client authenticates. */
export type ClientProof =
  | { readonly by: "secret"; readonly secret: Secret }
  | { readonly by: "key"; readonly key: AssertionKey };

/** An OAuth client, and the user for whom it requests tokens, if any. */
export interface OAuthClientLogin {
  readonly clientId: string;
  readonly proof: ClientProof;
  /** The token is for this user (RFC 7523, section 2.1). */
  readonly user?: { readonly name: string; readonly key: AssertionKey };
  readonly scope?: string | undefined;
}

/** One token request. */
export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** A form. */
  readonly body: string;
  /** Reads again the secrets that this request was made with. */
  renewed(): Promise<Renewed>;
}

export interface Renewed {
  /** The variables whose value has changed. */
  readonly changed: readonly string[];
  /** Why reading one of them failed. */
  readonly because: readonly string[];
}

const USER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Makes a token request (RFC 6749, section 4.4; RFC 7523), with new assertions: each is for one request.
 * @param now when the assertions are issued
 * @throws {UnusableKey} if a changed key is not a private key.
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
      const renewals: (readonly [string, Renewal])[] = await Promise.all(
        used.map(async ({ secret, value }) => [secret.variable, await secret.renewed(value)]),
      );
      const changed = renewals.filter(([, { changed }]) => changed).map(([variable]) => variable);
      const because = renewals.flatMap(([, renewal]) =>
        renewal.changed || renewal.because === undefined ? [] : [renewal.because],
      );
      return { changed: [...new Set(changed)], because: [...new Set(because)] };
    },
  };
}

/** The value of an `Authorization` header (RFC 7617). */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}
