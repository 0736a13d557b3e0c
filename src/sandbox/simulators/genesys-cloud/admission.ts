import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { bearerToken, type IssuedTokens } from "../server/issued-tokens.ts";
import { asRefusal, errorBody, GenesysRefusal } from "./error-body.ts";
import { isListed, type MissingForm, permissionRefusal } from "./operation-permissions.ts";
import {
  createRateWindow,
  type RateVerdict,
  type RateWindow,
  type WindowPolicy,
} from "./rate-window.ts";

export interface AdmissionDeps {
  readonly tokens: IssuedTokens;
  /** Requests per minute and token. Read at each request. */
  readonly limit: () => number;
  readonly policy: WindowPolicy;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onThrottled: () => void;
  /** Whether a token's user or client has a permission. */
  readonly permits: (token: string, permission: string) => boolean;
  readonly missingForm: () => MissingForm;
}

/** "Rate limits": `client.credentials.token.rate.per.minute`. */
const WINDOW_MS = 60_000;
const CORRELATION_HEADER = "inin-correlation-id";

/**
 * Adds the checks before every operation: the bearer token, the rate limit of the token, the permissions
 * that the operation needs. Refusals are `ErrorBody`s.
 */
export function addAdmission(api: FastifyInstance, deps: AdmissionDeps): void {
  const { tokens, limit, policy, now, onThrottled } = deps;
  const windows = new Map<string, RateWindow>();

  function count(token: string): RateVerdict {
    const window = windows.get(token) ?? createRateWindow(policy, WINDOW_MS);
    windows.set(token, window);
    return window.judge(now(), limit());
  }

  api.addHook("onRequest", (request, reply, done) => {
    reply.header(CORRELATION_HEADER, randomUUID());
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) return done(new GenesysRefusal("authentication.required"));
    if (tokens.statusOf(token) !== "valid") return done(new GenesysRefusal("bad.credentials"));
    const verdict = count(token);
    writeRateHeaders(reply, verdict, limit());
    if (verdict.admitted) {
      const permits = (permission: string) => deps.permits(token, permission);
      return done(permissionRefusal(request, permits, deps.missingForm()));
    }
    onThrottled();
    const seconds = wholeSeconds(verdict.resetMs);
    reply.header("retry-after", seconds);
    done(tooManyRequests(seconds, limit()));
  });

  api.addHook("onRoute", ({ method, url }) => {
    if ([method].flat().every((one) => isListed(one, url))) return;
    throw new Error(`operation-permissions.ts does not list ${String(method)} ${url}`);
  });

  api.setErrorHandler((thrown, _request, reply) => answerRefusal(reply, asRefusal(thrown)));
  api.setNotFoundHandler((_request, reply) =>
    answerRefusal(reply, new GenesysRefusal("not.found")),
  );
}

function writeRateHeaders(reply: FastifyReply, verdict: RateVerdict, limit: number): void {
  reply.headers({
    "inin-ratelimit-count": verdict.count,
    "inin-ratelimit-allowed": limit,
    "inin-ratelimit-reset": wholeSeconds(verdict.resetMs),
  });
}

function tooManyRequests(seconds: number, limit: number): GenesysRefusal {
  return new GenesysRefusal("too.many.requests.retry.after", {
    message: `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
    limit: {
      key: "client.credentials.token.rate.per.minute",
      namespace: "platform.api",
      value: limit,
    },
  });
}

/** Rounded up, so that a client that waits this long is admitted. */
function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function answerRefusal(reply: FastifyReply, refusal: GenesysRefusal): void {
  const contextId = String(reply.getHeader(CORRELATION_HEADER) ?? "");
  reply.code(refusal.status).send(errorBody(refusal, contextId));
}
