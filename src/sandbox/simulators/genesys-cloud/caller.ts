import type { FastifyRequest } from "fastify";
import { bearerToken, type IssuedTokens, type TokenHolder } from "../server/issued-tokens.ts";
import { GenesysRefusal } from "./error-body.ts";

/** The caller of a request: a user through a client, or the client itself. */
type Caller = TokenHolder & {
  /** The user or client whose roles apply. */
  readonly subjectId: string;
};

/** @throws {GenesysRefusal} if the request has no valid token */
export type CallerOf = (request: FastifyRequest) => Caller;

/** Finds callers by their tokens. */
export function callersOf(tokens: IssuedTokens): CallerOf {
  return ({ headers }) => {
    const token = bearerToken(headers.authorization);
    const holder = token === undefined ? undefined : tokens.holderOf(token);
    if (holder === undefined) throw new GenesysRefusal("bad.credentials");
    return { ...holder, subjectId: holder.userId ?? holder.clientId };
  };
}
