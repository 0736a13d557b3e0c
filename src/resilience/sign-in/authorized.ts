import type { Call } from "../../domain/call.ts";
import type { HttpAnswer, HttpRequest } from "../http/client.ts";
import type { TokenCache } from "./token.ts";

/** Sends one request of a call. */
export type Send = (request: HttpRequest, call: Call) => Promise<HttpAnswer>;

/**
 * Adds the bearer token. After a 401 the token is renewed, and the request is sent once more: as a
 * second request, which takes its own slot of the budget.
 */
export function authorized(send: Send, tokens: TokenCache): Send {
  return async (request, call) => {
    const token = await tokens.current();
    const answer = await send(withBearer(request, token), call);
    if (answer.status !== 401) return answer;
    return send(withBearer(request, await tokens.renew(token)), call);
  };
}

function withBearer(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}
