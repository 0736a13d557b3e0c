import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Http, HttpAnswer } from "./client.ts";
import { readJson } from "./read-json.ts";
import { type Asked, failureOfStatus } from "./status.ts";

/** An access token, and when it was got and will end (epoch ms). */
interface Token {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
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
  readonly source: Asked["source"];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
  readonly now: () => number;
  /** Ends requests that run when the process stops. */
  readonly signal: AbortSignal;
}

const RENEW_AFTER_SHARE = 0.8;
/** The shortest life that Genesys Cloud lets a client choose. */
const UNTOLD_LIFE_SECONDS = 300;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  // Recommended, not required (RFC 6749, section 5.1); some servers send it as text.
  expires_in: z.coerce.number().positive().default(UNTOLD_LIFE_SECONDS),
});
const refusalSchema = z.object({ error: z.string() });

/**
 * Client credentials with a client secret in Basic (RFC 6749, sections 4.4 and 2.3.1).
 */
export function createTokenCache(options: TokenOptions): TokenCache {
  let token: Token | undefined;
  let underWay: Promise<Token> | undefined;

  async function request(): Promise<Token> {
    const issuedAt = options.now();
    const asked: Asked = { source: options.source, what: `POST ${options.path}`, now: issuedAt };
    const answer = await options.http.send(
      {
        method: "POST",
        path: options.path,
        headers: {
          authorization: basic(options.clientId, options.clientSecret),
          "content-type": "application/x-www-form-urlencoded",
        },
        body: form(options.scope),
      },
      options.signal,
    );
    if (answer.status !== 200) throw refusal(answer, asked);
    const body = readJson(answer, tokenSchema, asked);
    return { value: body.access_token, issuedAt, expiresAt: issuedAt + body.expires_in * 1000 };
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
      const now = options.now();
      if (token === undefined || now >= token.expiresAt) return (await single()).value;
      const renewAt = token.issuedAt + (token.expiresAt - token.issuedAt) * RENEW_AFTER_SHARE;
      if (now >= renewAt) {
        // The token at hand is still good: a failed renewal is seen by whoever needs the next one.
        single().catch(() => undefined);
      }
      return token.value;
    },
    async renew(refused) {
      if (token !== undefined && token.value !== refused) return token.value;
      return (await single()).value;
    },
  };
}

function form(scope: string | undefined): string {
  const fields = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined && scope !== "") fields.set("scope", scope);
  return fields.toString();
}

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
}

/** 400 and 401 of a token endpoint mean that the client itself is refused, not the request. */
function refusal(answer: HttpAnswer, asked: Asked): Failure {
  if (answer.status !== 400 && answer.status !== 401) return failureOfStatus(answer, asked);
  return new Failure({
    kind: "misconfigured",
    code: "invalid_client",
    source: asked.source,
    status: answer.status,
    message: `${asked.what} answered ${answer.status} ${errorCode(answer)}`.trim(),
    cure: "Check the client id, the client secret and the scope; the client may be disabled.",
  });
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
