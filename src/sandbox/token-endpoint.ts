import type { FastifyInstance, FastifyReply } from "fastify";
import { judgeTokenRequest, type OAuthClient, type TokenRefusal } from "./client-credentials.ts";
import type { IssuedTokens } from "./issued-tokens.ts";

export interface TokenEndpointOptions {
  readonly client: OAuthClient;
  readonly tokens: IssuedTokens;
  /** `bearer` and `Bearer` mean the same (RFC 6749, section 7.1); servers differ in what they write. */
  readonly tokenType: "bearer" | "Bearer";
  /** Answers a request that gets no token, in the words of the server that is simulated. */
  readonly refuse: (reply: FastifyReply, refusal: TokenRefusal) => void;
}

/** `POST /oauth/token`, which takes a form and nothing else. */
export function addTokenEndpoint(app: FastifyInstance, options: TokenEndpointOptions): void {
  const { client, tokens, tokenType, refuse } = options;
  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, parsed) => parsed(null, new URLSearchParams(body.toString())),
    );
    scope.setErrorHandler((_error, _request, reply) => refuse(reply, "invalid_request"));
    scope.post("/oauth/token", (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const verdict = judgeTokenRequest(request.headers.authorization, form, client);
      if (!verdict.granted) return refuse(reply, verdict.refusal);
      reply.header("cache-control", "no-store").send({
        access_token: tokens.issue(verdict.scopes),
        token_type: tokenType,
        expires_in: tokens.lifeSeconds,
      });
    });
    done();
  });
}
