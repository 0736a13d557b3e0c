import type { FastifyInstance, FastifyRequest } from "fastify";
import { bearerToken, type IssuedTokens } from "../../server/issued-tokens.ts";
import type { Concurrency } from "../site/concurrency.ts";
import type { Overload } from "../site/simulator.ts";
import { GATEWAY_PATHS } from "./call.ts";
import { answerRefusal, asGatewayRefusal, GatewayRefusal, unauthorized } from "./refusal.ts";

/** The scope that each operation needs. */
const SCOPE_OF_PATH: ReadonlyMap<string, string> = new Map([
  [GATEWAY_PATHS.search, "oracle.service.cloud.customer.read"],
  [GATEWAY_PATHS.cases, "oracle.service.cloud.case.read"],
]);

/** All scopes that a client may request. */
export const GATEWAY_SCOPES: readonly string[] = [
  ...SCOPE_OF_PATH.values(),
  "oracle.service.cloud.history.read",
];

export interface GatewayAdmissionDeps {
  readonly tokens: IssuedTokens;
  readonly concurrency: Concurrency;
  readonly overload: Overload;
  readonly onOverload: () => void;
}

/** Checks before every operation: the number of concurrent requests, the bearer token, its scope. */
export function addGatewayAdmission(api: FastifyInstance, deps: GatewayAdmissionDeps): void {
  const { tokens, concurrency, overload, onOverload } = deps;
  const releaseOf = new WeakMap<FastifyRequest, () => void>();

  api.addHook("onRequest", (request, reply, done) => {
    const release = concurrency.acquire();
    if (release === undefined) {
      onOverload();
      return done(overloaded(overload));
    }
    releaseOf.set(request, release);
    reply.raw.once("close", release);
    done(refusalOfToken(request, tokens));
  });

  // Released before the client gets the answer and can send the next request.
  api.addHook("onSend", (request, _reply, payload, done) => {
    releaseOf.get(request)?.();
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
  const status = tokens.statusOf(token);
  if (status !== "valid") return unauthorized(status);
  const scope = SCOPE_OF_PATH.get(request.routeOptions.url ?? "");
  if (scope === undefined || tokens.scopesOf(token).includes(scope)) return undefined;
  const challenge = `Bearer realm="gateway", error="insufficient_scope", scope="${scope}"`;
  return new GatewayRefusal(403, "insufficient_scope", `The scope ${scope} is needed`, {
    "www-authenticate": challenge,
  });
}
