import type { FastifyInstance, FastifyRequest } from "fastify";
import { bearerToken, type IssuedTokens } from "../../server/issued-tokens.ts";
import type { Concurrency } from "../site/concurrency.ts";
import type { Overload } from "../site/simulator.ts";
import { GATEWAY_PATHS } from "./call.ts";
import { answerRefusal, asGatewayRefusal, GatewayRefusal, unauthorized } from "./refusal.ts";

/** The scopes that the facade knows, and the operation that needs each. */
const SCOPE_OF_PATH: ReadonlyMap<string, string> = new Map([
  [GATEWAY_PATHS.search, "oracle.service.cloud.customer.read"],
  [GATEWAY_PATHS.cases, "oracle.service.cloud.case.read"],
]);

/** Every scope that a client of the facade may ask for. */
export const GATEWAY_SCOPES: readonly string[] = [
  ...SCOPE_OF_PATH.values(),
  "oracle.service.cloud.history.read",
];

export interface GatewayAdmissionOptions {
  readonly tokens: IssuedTokens;
  readonly concurrency: Concurrency;
  readonly overload: Overload;
  readonly onOverload: () => void;
}

/** What stands before every operation of the facade: a free place, the bearer token, its scope. */
export function addGatewayAdmission(api: FastifyInstance, options: GatewayAdmissionOptions): void {
  const { tokens, concurrency, overload, onOverload } = options;
  const leaveOf = new WeakMap<FastifyRequest, () => void>();

  api.addHook("onRequest", (request, reply, done) => {
    const leave = concurrency.enter();
    if (leave === undefined) {
      onOverload();
      return done(overloaded(overload));
    }
    leaveOf.set(request, leave);
    reply.raw.once("close", leave);
    done(refusalOfToken(request, tokens));
  });

  // The place is free before the client can know of its answer and send the next request.
  api.addHook("onSend", (request, _reply, payload, done) => {
    leaveOf.get(request)?.();
    done(null, payload);
  });

  api.setErrorHandler((thrown, _request, reply) => answerRefusal(reply, asGatewayRefusal(thrown)));
  api.setNotFoundHandler((_request, reply) =>
    answerRefusal(reply, new GatewayRefusal(404, "not_found", "There is no such resource")),
  );
}

function overloaded({ status, retryAfterSeconds }: Overload): GatewayRefusal {
  const error = status === 429 ? "too_many_requests" : "temporarily_unavailable";
  const headers = { "retry-after": retryAfterSeconds };
  return new GatewayRefusal(status, error, "Too many requests at once", headers);
}

function refusalOfToken(request: FastifyRequest, tokens: IssuedTokens): GatewayRefusal | undefined {
  const token = bearerToken(request.headers.authorization);
  if (token === undefined) return unauthorized("missing");
  const standing = tokens.standing(token);
  if (standing !== "valid") return unauthorized(standing);
  const scope = SCOPE_OF_PATH.get(request.routeOptions.url ?? "");
  if (scope === undefined || tokens.scopesOf(token).includes(scope)) return undefined;
  const challenge = `Bearer realm="gateway", error="insufficient_scope", scope="${scope}"`;
  return new GatewayRefusal(403, "insufficient_scope", `The scope ${scope} is needed`, {
    "www-authenticate": challenge,
  });
}
