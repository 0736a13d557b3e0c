import type { FastifyRequest } from "fastify";
import { bearerToken, type IssuedTokens, type TokenHolder } from "../server/issued-tokens.ts";
import { GenesysRefusal } from "./error-body.ts";

/** Who asks, and as whom: a user through a client, or a client in its own name. */
type Caller = TokenHolder & {
  /** Whose roles count. */
  readonly subjectId: string;
};

/** Whose token a request has. */
export type CallerOf = (request: FastifyRequest) => Caller;

/** Callers by the tokens that were issued. */
export function callersOf(tokens: IssuedTokens): CallerOf {
  return ({ headers }) => {
    const token = bearerToken(headers.authorization);
    const holder = token === undefined ? undefined : tokens.holderOf(token);
    if (holder === undefined) throw new GenesysRefusal("bad.credentials");
    return { ...holder, subjectId: holder.userId ?? holder.clientId };
  };
}
