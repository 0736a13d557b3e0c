import { isAssertionOf, isUserAssertionOf, type TrustedKey } from "./signed-assertion.ts";

/** An OAuth client that a simulator knows. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  /** The key that signs its assertions, where the server takes them. */
  readonly key?: TrustedKey | undefined;
  /** What may be asked for; where undefined, scopes are not looked at. */
  readonly scopes?: readonly string[];
  /** The grants that it may use; where undefined, all that the server has. */
  readonly grantTypes?: readonly string[];
}

/** Why no token is given; the names are finer than those of RFC 6749, section 5.2. */
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

/** A token request as it arrived. */
export interface SimulatedTokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Judges a token request: client credentials, or the assertion of a user where the client has a key
 * (RFC 6749, section 4.4; RFC 7523). The client authenticates with HTTP Basic or a signed assertion.
 * A request without a scope is given all that the client may have (RFC 6749, section 3.3).
 * @param client undefined where the server knows none of that id
 */
export async function judgeTokenRequest(
  request: SimulatedTokenRequest,
  client: RegisteredClient | undefined,
): Promise<TokenVerdict> {
  if (client === undefined) {
    const hasNamed = basicCredentials(request.authorization) !== undefined;
    return { granted: false, refusal: hasNamed ? "unknown_client" : "no_client" };
  }
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
  { authorization, form, at }: SimulatedTokenRequest,
  client: RegisteredClient,
): Promise<TokenRefusal | undefined> {
  const assertion = form.get("client_assertion");
  if (assertion !== null && client.key !== undefined) {
    const typed = form.get("client_assertion_type") === ASSERTION_TYPE;
    // Two ways at once are one too many (RFC 6749, section 2.3).
    if (!typed || authorization !== undefined) return "invalid_request";
    return (await isAssertionOf(client.id, assertion, client.key, at)) ? undefined : "wrong_secret";
  }
  const basic = basicCredentials(authorization);
  if (basic === undefined) return "no_client";
  if (basic.id !== client.id) return "unknown_client";
  return basic.secret === client.secret ? undefined : "wrong_secret";
}

/** What an `Authorization: Basic` header says (RFC 7617); both undefined where there is no colon. */
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
