import { z } from "zod";
import { Failure } from "../../domain/failure.ts";
import { after, type Clocks, elapsed, type MonotonicMs } from "../../domain/time.ts";
import type { Http, HttpAnswer } from "../http/client.ts";
import { readJson } from "../http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../http/status.ts";
import { type OAuthClientLogin, type Renewed, type TokenRequest, tokenRequest } from "./grant.ts";

/** An access token, and when it was requested and expires. */
interface Token {
  readonly value: string;
  readonly issuedAt: MonotonicMs;
  readonly expiresAt: MonotonicMs;
}

/** A cached access token. Concurrent callers share one token request. */
export interface TokenCache {
  /**
   * A token that has not expired. After 80 % of its life it is renewed in the background, so that no
   * call waits for it.
   * @throws {Failure} `misconfigured` if the client is refused.
   */
  current(): Promise<string>;
  /** Another token than the refused one. */
  renew(refused: string): Promise<string>;
}

export interface TokenDeps {
  readonly http: Http;
  /** Path of the token endpoint. */
  readonly path: string;
  readonly source: RequestInfo["source"];
  readonly client: OAuthClientLogin;
  /** Called when a refused secret has changed and its new value is tried. */
  readonly onChanged?: (variable: string) => void;
  readonly clocks: Clocks;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

const RENEW_AFTER_SHARE = 0.8;
/** The wait after a failed renewal in the background: each try is a login. */
const NEXT_RENEWAL_MS = 60_000;
/** For an answer without `expires_in`: the shortest life that Genesys Cloud allows. */
const DEFAULT_LIFE_SECONDS = 300;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  // Recommended, not required (RFC 6749, section 5.1); some servers send it as text.
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFE_SECONDS),
});
const refusalSchema = z.object({ error: z.string() });

/**
 * Access tokens of an OAuth client. If the client is refused, its secret is read again, and the request
 * is repeated once if the secret has changed.
 */
export function createTokenCache(deps: TokenDeps): TokenCache {
  const { epochNow, monotonicNow } = deps.clocks;
  let token: Token | undefined;
  let running: Promise<Token> | undefined;
  let nextRenewalAt: MonotonicMs | undefined;

  async function request(): Promise<Token> {
    const issuedAt = monotonicNow();
    const now = epochNow();
    const about: RequestInfo = {
      source: deps.source,
      what: `POST ${deps.path}`,
      now,
    };
    const first = await tokenRequest(deps.client, now);
    let answer = await send(first);
    if (isRefusal(answer)) {
      const renewed = await first.renewed();
      if (renewed.changed.length === 0) throw refusal(answer, about, deps.client, renewed);
      for (const variable of renewed.changed) deps.onChanged?.(variable);
      answer = await send(await tokenRequest(deps.client, epochNow()));
      if (isRefusal(answer)) throw refusal(answer, about, deps.client, renewed);
    }
    if (answer.status !== 200) throw failureOfStatus(answer, about);
    const body = readJson(answer, tokenSchema, about);
    const expiresAt = after(issuedAt, body.expires_in * 1000);
    return { value: body.access_token, issuedAt, expiresAt };
  }

  function send({ headers, body }: TokenRequest): Promise<HttpAnswer> {
    const { http, path, signal } = deps;
    return http.send({ method: "POST", path, headers, body }, signal);
  }

  function single(): Promise<Token> {
    running ??= request()
      .then((fresh) => {
        token = fresh;
        return fresh;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    async current() {
      const now = monotonicNow();
      if (token === undefined || now >= token.expiresAt) return (await single()).value;
      const lifeMs = elapsed(token.issuedAt, token.expiresAt);
      const renewAt = after(token.issuedAt, lifeMs * RENEW_AFTER_SHARE);
      if (now >= renewAt && (nextRenewalAt === undefined || now >= nextRenewalAt)) {
        // The cached token is still valid. The caller that needs the next one gets the failure.
        single().catch(() => {
          nextRenewalAt = after(monotonicNow(), NEXT_RENEWAL_MS);
        });
      }
      return token.value;
    },
    async renew(refused) {
      if (token !== undefined && token.value !== refused) return token.value;
      return (await single()).value;
    },
  };
}

/** A token endpoint refuses the client with 400 and 401. */
function isRefusal({ status }: HttpAnswer): boolean {
  return status === 400 || status === 401;
}

function refusal(
  answer: HttpAnswer,
  about: RequestInfo,
  client: OAuthClientLogin,
  { because }: Renewed,
): Failure {
  const code = errorCode(answer);
  const refused = `${about.what} answered ${answer.status} ${code}`.trim();
  return new Failure({
    kind: "misconfigured",
    code: "invalid_client",
    source: about.source,
    status: answer.status,
    message: [refused, ...because].join("; "),
    cure: cureOf(code, about.source, client),
  });
}

/** [pure] The cure, with the names of the variables of the refused request. */
function cureOf(
  code: string,
  source: RequestInfo["source"],
  { proof, user, scope }: OAuthClientLogin,
): string {
  const prefix = source.toUpperCase();
  const key = user?.key ?? (proof.by === "key" ? proof.key : undefined);
  const ofKey =
    key === undefined
      ? ""
      : ` ${key.privateKey.variable}, ${prefix}_KEY_ID and ${prefix}_AUDIENCE must match the identity domain, and this machine's clock must be right.`;
  if (code === "invalid_scope") return `Check ${prefix}_SCOPE: the client may not request it.`;
  if (code === "unauthorized_client" || code === "unsupported_grant_type") {
    const grant = user === undefined ? "Client Credentials" : "JWT Assertion";
    return `Allow the client the grant type ${grant}, where ${prefix}_CLIENT_ID is registered.`;
  }
  if (code === "invalid_grant" && user !== undefined) {
    return `Check ${prefix}_USERNAME: the client may not request tokens for this user.${ofKey}`;
  }
  const { variable } = proof.by === "secret" ? proof.secret : proof.key.privateKey;
  const scoped = scope === undefined ? "" : `, and ${prefix}_SCOPE`;
  return `Check ${prefix}_CLIENT_ID and ${variable}${scoped}; the client may be disabled.${ofKey}`;
}

/** The error code of RFC 6749, section 5.2; empty if it has none that is safe to log. */
function errorCode(answer: HttpAnswer): string {
  try {
    const { error } = refusalSchema.parse(JSON.parse(answer.text));
    return /^[a-z_]{1,40}$/.test(error) ? error : "";
  } catch {
    return "";
  }
}
