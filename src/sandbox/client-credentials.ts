import { isAssertionOf, isUserAssertionOf, type TrustedKey } from "./signed-assertion.ts";

/** The one OAuth client that a simulator knows. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** The key that signs its assertions, where the server takes them. */
  readonly key?: TrustedKey | undefined;
  /** What may be asked for; where undefined, scopes are not looked at. */
  readonly scopes?: readonly string[];
}

/** Why no token is given; the names are finer than those of RFC 6749, section 5.2. */
export type TokenRefusal =
  | "no_client"
  | "unknown_client"
  | "wrong_secret"
  | "invalid_request"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "invalid_scope";

export type TokenVerdict =
  | { readonly granted: true; readonly scopes: readonly string[] }
  | { readonly granted: false; readonly refusal: TokenRefusal };

/** A token request as it arrived. */
export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Judges a token request: client credentials, or the assertion of a user where the client has a key
 * (RFC 6749, section 4.4; RFC 7523). The client authenticates with HTTP Basic or a signed assertion.
 * A request without a scope is given all that the client may have (RFC 6749, section 3.3).
 */
export async function judgeTokenRequest(
  request: TokenRequest,
  client: OAuthClient,
): Promise<TokenVerdict> {
  const refusal =
    (await refusalOfClient(request, client)) ?? (await refusalOfForm(request, client));
  if (refusal !== undefined) return { granted: false, refusal };
  const asked = (request.form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const { scopes } = client;
  if (scopes === undefined) return { granted: true, scopes: asked };
  if (asked.some((scope) => !scopes.includes(scope))) {
    return { granted: false, refusal: "invalid_scope" };
  }
  return { granted: true, scopes: asked.length === 0 ? scopes : asked };
}

async function refusalOfClient(
  { authorization, form, at }: TokenRequest,
  client: OAuthClient,
): Promise<TokenRefusal | undefined> {
  const assertion = form.get("client_assertion");
  if (assertion !== null && client.key !== undefined) {
    const typed = form.get("client_assertion_type") === ASSERTION_TYPE;
    // Two ways at once are one too many (RFC 6749, section 2.3).
    if (!typed || authorization !== undefined) return "invalid_request";
    return (await isAssertionOf(client.id, assertion, client.key, at)) ? undefined : "wrong_secret";
  }
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return "no_client";
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  if (id !== client.id) return "unknown_client";
  return secret === client.secret ? undefined : "wrong_secret";
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const USER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

async function refusalOfForm(
  { form, at }: TokenRequest,
  { id, key }: OAuthClient,
): Promise<TokenRefusal | undefined> {
  const names = [...form.keys()];
  if (new Set(names).size < names.length) return "invalid_request";
  const grantType = form.get("grant_type");
  if (grantType === null) return "invalid_request";
  if (grantType === USER_GRANT && key !== undefined) {
    const assertion = form.get("assertion") ?? "";
    return (await isUserAssertionOf(id, assertion, key, at)) ? undefined : "invalid_grant";
  }
  return grantType === "client_credentials" ? undefined : "unsupported_grant_type";
}
