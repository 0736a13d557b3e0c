import { isAssertionOf, isUserAssertionOf, type TrustedKey } from "./signed-assertion.ts";

/** An OAuth client that a simulator knows. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  /** The key that signs its assertions. Undefined if the server accepts none. */
  readonly key?: TrustedKey | undefined;
  /** Scopes that it may request. If undefined, scopes are not checked. */
  readonly scopes?: readonly string[];
  /** Grants that it may use. If undefined, it may use all. */
  readonly grantTypes?: readonly string[];
}

/** Why no token is issued. Finer than the error codes of RFC 6749, section 5.2. */
export type TokenRefusal =
  | "no_client"
  | "unknown_client"
  | "wrong_secret"
  | "invalid_request"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "unauthorized_client"
  | "invalid_scope";

export type TokenVerdict =
  | { readonly granted: true; readonly scopes: readonly string[] }
  | { readonly granted: false; readonly refusal: TokenRefusal };

/** A token request. */
export interface SimulatedTokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Judges a token request: client credentials, or the assertion of a user if the client has a key
 * (RFC 6749, section 4.4; RFC 7523). The client authenticates with HTTP Basic or a signed assertion.
 * A request without a scope gets all scopes of the client (RFC 6749, section 3.3).
 * @param client undefined if the server knows no client of that id
 */
export async function judgeTokenRequest(
  request: SimulatedTokenRequest,
  client: RegisteredClient | undefined,
): Promise<TokenVerdict> {
  if (client === undefined) {
    const isNamed = basicCredentials(request.authorization) !== undefined;
    return { granted: false, refusal: isNamed ? "unknown_client" : "no_client" };
  }
  const refusal =
    (await refusalOfClient(request, client)) ?? (await refusalOfForm(request, client));
  if (refusal !== undefined) return { granted: false, refusal };
  const requested = (request.form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const { scopes } = client;
  if (scopes === undefined) return { granted: true, scopes: requested };
  if (requested.some((scope) => !scopes.includes(scope))) {
    return { granted: false, refusal: "invalid_scope" };
  }
  return { granted: true, scopes: requested.length === 0 ? scopes : requested };
}

async function refusalOfClient(
  { authorization, form, at }: SimulatedTokenRequest,
  client: RegisteredClient,
): Promise<TokenRefusal | undefined> {
  const assertion = form.get("client_assertion");
  if (assertion !== null && client.key !== undefined) {
    const isTyped = form.get("client_assertion_type") === ASSERTION_TYPE;
    // A client must use one method only (RFC 6749, section 2.3).
    if (!isTyped || authorization !== undefined) return "invalid_request";
    return (await isAssertionOf(client.id, assertion, client.key, at)) ? undefined : "wrong_secret";
  }
  const basic = basicCredentials(authorization);
  if (basic === undefined) return "no_client";
  if (basic.id !== client.id) return "unknown_client";
  return basic.secret === client.secret ? undefined : "wrong_secret";
}

/** The content of an `Authorization: Basic` header (RFC 7617). Both are undefined without a colon. */
export function basicCredentials(
  authorization: string | undefined,
): { readonly id: string | undefined; readonly secret: string | undefined } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { id, secret };
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const USER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

async function refusalOfForm(
  { form, at }: SimulatedTokenRequest,
  { id, key, grantTypes }: RegisteredClient,
): Promise<TokenRefusal | undefined> {
  const names = [...form.keys()];
  if (new Set(names).size < names.length) return "invalid_request";
  const grantType = form.get("grant_type");
  if (grantType === null) return "invalid_request";
  if (grantType === USER_GRANT && key !== undefined) {
    const assertion = form.get("assertion") ?? "";
    return (await isUserAssertionOf(id, assertion, key, at)) ? undefined : "invalid_grant";
  }
  if (grantType !== "client_credentials") return "unsupported_grant_type";
  return grantTypes?.includes(grantType) === false ? "unauthorized_client" : undefined;
}
