import type { FastifyInstance, FastifyReply } from "fastify";
import {
  basicCredentials,
  judgeTokenRequest,
  type RegisteredClient,
  type SimulatedTokenRequest,
  type TokenRefusal,
  type TokenVerdict,
} from "./client-credentials.ts";
import type { IssuedTokens, TokenHolder } from "./issued-tokens.ts";

export interface TokenEndpointOptions {
  /** Default: `/oauth/token`. */
  readonly path?: string;
  /** Epoch ms. Default: the machine's clock. */
  readonly now?: () => number;
  /** The only client, or a function that finds a client by id. */
  readonly client: RegisteredClient | ((id: string) => RegisteredClient | undefined);
  /** Codes of users who signed in. Undefined if the server has no login page. */
  readonly users?: UserCodes;
  readonly tokens: IssuedTokens;
  /** Case-insensitive by RFC 6749, section 7.1. Servers differ. */
  readonly tokenType: "bearer" | "Bearer";
  /** Answers a refused request in the form of the simulated server. */
  readonly refuse: (reply: FastifyReply, refusal: TokenRefusal) => void;
}

/** The authorization codes of a login page. */
export interface UserCodes {
  /** Whether a token request has the grant type of a code. */
  handles(form: URLSearchParams): boolean;
  /** Redeems the code, once. @returns the holder of the token, or undefined if the request is not valid */
  redeem(form: URLSearchParams): TokenHolder | undefined;
}

/** Adds the token endpoint, which accepts only forms. */
export function addTokenEndpoint(app: FastifyInstance, options: TokenEndpointOptions): void {
  const { path = "/oauth/token", client, users, tokens, tokenType, refuse } = options;
  const { now = Date.now } = options;

  async function verdictOf(request: SimulatedTokenRequest): Promise<HolderVerdict> {
    const { id = "" } = basicCredentials(request.authorization) ?? {};
    const registered = typeof client === "function" ? client(id) : client;
    const verdict = await judgeTokenRequest(request, registered);
    return verdict.granted ? { ...verdict, holder: { clientId: registered?.id ?? id } } : verdict;
  }

  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, parsed) => parsed(null, new URLSearchParams(body.toString())),
    );
    scope.setErrorHandler((_error, _request, reply) => refuse(reply, "invalid_request"));
    scope.post(path, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const { authorization } = request.headers;
      const verdict = users?.handles(form)
        ? verdictOfCode(authorization === undefined ? users.redeem(form) : undefined)
        : await verdictOf({ authorization, form, at: now() });
      if (!verdict.granted) {
        refuse(reply, verdict.refusal);
        return reply;
      }
      return reply.header("cache-control", "no-store").send({
        access_token: tokens.issue(verdict.scopes, verdict.holder),
        token_type: tokenType,
        expires_in: tokens.lifeSeconds,
      });
    });
    done();
  });
}

type HolderVerdict = TokenVerdict &
  ({ readonly granted: true; readonly holder: TokenHolder } | { readonly granted: false });

function verdictOfCode(holder: TokenHolder | undefined): HolderVerdict {
  if (holder === undefined) return { granted: false, refusal: "invalid_grant" };
  return { granted: true, scopes: [], holder };
}
