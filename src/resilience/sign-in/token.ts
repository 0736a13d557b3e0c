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

/** A cached access token: one request for any number of callers. */
export interface TokenCache {
  /**
   * A token that is still good. It is renewed in the background once 80 % of its life is over, so
   * that no conversation waits for it.
   * @throws {Failure} `misconfigured` where the client is refused.
   */
  current(): Promise<string>;
  /** A newer token than the one that was refused; concurrent callers share one request. */
  renew(refused: string): Promise<string>;
}

export interface TokenOptions {
  readonly http: Http;
  /** Path of the token endpoint. */
  readonly path: string;
  readonly source: RequestInfo["source"];
  readonly client: OAuthClientLogin;
  /** Told where a refused secret was found changed, and its new value is tried. */
  readonly onChanged?: (variable: string) => void;
  readonly clocks: Clocks;
  /** Ends requests that run when the process stops. */
  readonly signal: AbortSignal;
}

const RENEW_AFTER_SHARE = 0.8;
/** A renewal in the background that failed is not tried again at once: each try is a login. */
const NEXT_RENEWAL_MS = 60_000;
/** The shortest life that Genesys Cloud lets a client choose. */
const UNTOLD_LIFE_SECONDS = 300;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  // Recommended, not required (RFC 6749, section 5.1); some servers send it as text.
  expires_in: z.coerce.number().positive().default(UNTOLD_LIFE_SECONDS),
});
const refusalSchema = z.object({ error: z.string() });

/**
 * Access tokens of an OAuth client, in whatever way it signs in. A client that is refused is asked for
 * once more where its secret has been changed in the meantime, and else not again.
 */
export function createTokenCache(options: TokenOptions): TokenCache {
  const { epochNow, monotonicNow } = options.clocks;
  let token: Token | undefined;
  let underWay: Promise<Token> | undefined;
  let nextRenewalAt: MonotonicMs | undefined;

  async function request(): Promise<Token> {
    const issuedAt = monotonicNow();
    const now = epochNow();
    const asked: RequestInfo = {
      source: options.source,
      what: `POST ${options.path}`,
      now,
    };
    const first = await tokenRequest(options.client, now);
    let answer = await send(first);
    if (isRefusal(answer)) {
      const look = await first.renewed();
      if (look.changed.length === 0) throw refusal(answer, asked, options.client, look);
      for (const variable of look.changed) options.onChanged?.(variable);
      answer = await send(await tokenRequest(options.client, epochNow()));
      if (isRefusal(answer)) throw refusal(answer, asked, options.client, look);
    }
    if (answer.status !== 200) throw failureOfStatus(answer, asked);
    const body = readJson(answer, tokenSchema, asked);
    const expiresAt = after(issuedAt, body.expires_in * 1000);
    return { value: body.access_token, issuedAt, expiresAt };
  }

  function send({ headers, body }: TokenRequest): Promise<HttpAnswer> {
    const { http, path, signal } = options;
    return http.send({ method: "POST", path, headers, body }, signal);
  }

  function single(): Promise<Token> {
    underWay ??= request()
      .then((fresh) => {
        token = fresh;
        return fresh;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  }

  return {
    async current() {
      const now = monotonicNow();
      if (token === undefined || now >= token.expiresAt) return (await single()).value;
      const lifeMs = elapsed(token.issuedAt, token.expiresAt);
      const renewAt = after(token.issuedAt, lifeMs * RENEW_AFTER_SHARE);
      if (now >= renewAt && (nextRenewalAt === undefined || now >= nextRenewalAt)) {
        // The token at hand is still good: a failed renewal is seen by whoever needs the next one.
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

/** 400 and 401 of a token endpoint mean that the client itself is refused, not the request. */
function isRefusal({ status }: HttpAnswer): boolean {
  return status === 400 || status === 401;
}

function refusal(
  answer: HttpAnswer,
  asked: RequestInfo,
  client: OAuthClientLogin,
  { because }: Renewed,
): Failure {
  const code = errorCode(answer);
  const told = `${asked.what} answered ${answer.status} ${code}`.trim();
  return new Failure({
    kind: "misconfigured",
    code: "invalid_client",
    source: asked.source,
    status: answer.status,
    message: [told, ...because].join("; "),
    cure: cureOf(code, asked.source, client),
  });
}

/** [pure] What to look at, by the names of the variables that the refused request was made of. */
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
      : ` ${key.privateKey.variable}, ${prefix}_KEY_ID and ${prefix}_AUDIENCE must be those that the identity domain knows, and this machine's clock must be right.`;
  if (code === "invalid_scope") return `Check ${prefix}_SCOPE: the client may not ask for it.`;
  if (code === "unauthorized_client" || code === "unsupported_grant_type") {
    const grant = user === undefined ? "Client Credentials" : "JWT Assertion";
    return `Allow the client the grant type ${grant}, where ${prefix}_CLIENT_ID is registered.`;
  }
  if (code === "invalid_grant" && user !== undefined) {
    return `Check ${prefix}_USERNAME: the client may not ask on behalf of this user.${ofKey}`;
  }
  const { variable } = proof.by === "secret" ? proof.secret : proof.key.privateKey;
  const scoped = scope === undefined ? "" : `, and ${prefix}_SCOPE`;
  return `Check ${prefix}_CLIENT_ID and ${variable}${scoped}; the client may be disabled.${ofKey}`;
}

/** The error code of RFC 6749, section 5.2, where there is one that is safe to log. */
function errorCode(answer: HttpAnswer): string {
  try {
    const { error } = refusalSchema.parse(JSON.parse(answer.text));
    return /^[a-z_]{1,40}$/.test(error) ? error : "";
  } catch {
    return "";
  }
}
