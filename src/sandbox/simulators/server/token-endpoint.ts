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
  /** `/oauth/token` unless told. */
  readonly path?: string;
  /** Epoch ms; the machine's clock unless told. */
  readonly now?: () => number;
  /** The only one; or who has which id, where clients come and go as the server runs. */
  readonly client: RegisteredClient | ((id: string) => RegisteredClient | undefined);
  /** Codes of users who have signed in, where the server has pages of its own. */
  readonly users?: UserCodes;
  readonly tokens: IssuedTokens;
  /** `bearer` and `Bearer` mean the same (RFC 6749, section 7.1); servers differ in what they write. */
  readonly tokenType: "bearer" | "Bearer";
  /** Answers a request that gets no token, in the words of the server that is simulated. */
  readonly refuse: (reply: FastifyReply, refusal: TokenRefusal) => void;
}

/** The codes that a login has given out. */
export interface UserCodes {
  /** Whether a token request is one with a code. */
  handles(form: URLSearchParams): boolean;
  /** Uses up the code. @returns whose token it is worth, if it is worth one */
  redeem(form: URLSearchParams): TokenHolder | undefined;
}

/** The token endpoint, which takes a form and nothing else. */
export function addTokenEndpoint(app: FastifyInstance, options: TokenEndpointOptions): void {
  const { path = "/oauth/token", client, users, tokens, tokenType, refuse } = options;
  const { now = Date.now } = options;

  async function verdictOf(request: SimulatedTokenRequest): Promise<HolderVerdict> {
    const { id = "" } = basicCredentials(request.authorization) ?? {};
    const asking = typeof client === "function" ? client(id) : client;
    const verdict = await judgeTokenRequest(request, asking);
    return verdict.granted ? { ...verdict, holder: { clientId: asking?.id ?? id } } : verdict;
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
