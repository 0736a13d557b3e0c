/** The one OAuth client that a simulator knows. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** What may be asked for; where undefined, scopes are not looked at. */
  readonly scopes?: readonly string[];
}

/** Why no token is given; the names are finer than those of RFC 6749, section 5.2. */
export type TokenRefusal =
  | "no_client"
  | "unknown_client"
  | "wrong_secret"
  | "invalid_request"
  | "unsupported_grant_type"
  | "invalid_scope";

export type TokenVerdict =
  | { readonly granted: true; readonly scopes: readonly string[] }
  | { readonly granted: false; readonly refusal: TokenRefusal };

/**
 * Judges a client-credentials request (RFC 6749, sections 2.3.1 and 4.4) whose client authenticates
 * with HTTP Basic. A request without a scope is given all that the client may have (section 3.3).
 */
export function judgeTokenRequest(
  authorization: string | undefined,
  form: URLSearchParams,
  client: OAuthClient,
): TokenVerdict {
  const refusal = refusalOfClient(authorization, client) ?? refusalOfForm(form);
  if (refusal !== undefined) return { granted: false, refusal };
  const asked = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const { scopes } = client;
  if (scopes === undefined) return { granted: true, scopes: asked };
  if (asked.some((scope) => !scopes.includes(scope))) {
    return { granted: false, refusal: "invalid_scope" };
  }
  return { granted: true, scopes: asked.length === 0 ? scopes : asked };
}

function refusalOfClient(
  authorization: string | undefined,
  client: OAuthClient,
): TokenRefusal | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return "no_client";
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  if (id !== client.id) return "unknown_client";
  return secret === client.secret ? undefined : "wrong_secret";
}

function refusalOfForm(form: URLSearchParams): TokenRefusal | undefined {
  const names = [...form.keys()];
  if (new Set(names).size < names.length) return "invalid_request";
  const grantType = form.get("grant_type");
  if (grantType === null) return "invalid_request";
  return grantType === "client_credentials" ? undefined : "unsupported_grant_type";
}
