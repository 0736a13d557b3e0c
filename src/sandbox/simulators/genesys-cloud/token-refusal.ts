import type { FastifyReply } from "fastify";
import type { TokenRefusal } from "../server/client-credentials.ts";

/** Genesys Cloud distinguishes an unknown client from a wrong secret. Both were seen with 400 and with 401. */
const TOKEN_REFUSALS: Record<TokenRefusal, readonly [status: number, error: string, why: string]> =
  {
    no_client: [401, "invalid_client", "authentication failed"],
    unknown_client: [400, "invalid_client", "client not found"],
    wrong_secret: [401, "invalid_client", "authentication failed"],
    invalid_request: [400, "invalid_request", "invalid request"],
    unsupported_grant_type: [400, "unsupported_grant_type", "unsupported grant type"],
    unauthorized_client: [400, "unauthorized_client", "unauthorized client"],
    invalid_grant: [400, "invalid_grant", "unused grant"],
    invalid_scope: [400, "invalid_scope", "invalid scope"],
  };

/** Answers a refused token request like the login host of Genesys Cloud. */
export function refuseToken(reply: FastifyReply, refusal: TokenRefusal): void {
  const [status, error, why] = TOKEN_REFUSALS[refusal];
  reply.code(status).send({ error, description: why, error_description: why });
}
