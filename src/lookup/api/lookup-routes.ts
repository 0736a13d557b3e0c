import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { asFailure } from "../../domain/failure.ts";
import type { DataOptions } from "../../domain/summary/lookup-data.ts";
import { failedFields, type Report } from "../../observability/facts/facts.ts";
import type { Secret } from "../../resilience/sign-in/secret.ts";
import type { Lookup } from "../lookup.ts";
import { readLookupRequest } from "../request.ts";
import { type Bearers, createBearers } from "./bearer.ts";
import {
  createBodies,
  type LookupRefusal,
  lookupRefusal,
  refusalOfRequest,
} from "./lookup-answer.ts";

export interface LookupRoutesOptions {
  readonly lookup: Lookup;
  /** The bearer secrets of callers. */
  readonly secrets: readonly Secret[];
  readonly deadlineMs: number;
  readonly requestsPerMinute: number;
  readonly data: DataOptions;
  readonly report: Report;
}

/** Enough for any number, address or id. */
const LARGEST_BODY_BYTES = 4_096;
/** Requests without a valid secret from one address. Requests with one do not count. */
const UNAUTHORIZED_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/** Adds `POST /api/customer/lookup` (docs/reference/lookup.md) to a server. */
export function addLookupRoutes(app: FastifyInstance, options: LookupRoutesOptions): void {
  const bearers = createBearers(options.secrets);
  const bodyOf = createBodies(options.data);
  app.register(async (api) => {
    await api.register(rateLimit, { global: false });
    const requireBearer = bearerRequired(api, bearers);
    api.removeContentTypeParser("text/plain");
    api.setErrorHandler((error, _request, reply) => {
      const refusal = refusalOfRequest(error);
      if (refusal.status === 500) {
        options.report("lookup.failed", { ...failedFields(asFailure(error)), late: false });
      }
      refuse(reply, refusal);
    });
    api.post(
      "/api/customer/lookup",
      {
        bodyLimit: LARGEST_BODY_BYTES,
        // The plugin adds the limit of all authorized callers after this hook.
        onRequest: requireBearer,
        config: {
          rateLimit: {
            max: options.requestsPerMinute,
            timeWindow: MINUTE_MS,
            keyGenerator: () => "callers",
          },
        },
      },
      async (request, reply) => {
        reply.header("cache-control", "no-store");
        const read = readLookupRequest(request.body);
        if (!read.ok) {
          const error = read.missing
            ? "Missing phoneNumber field"
            : `Invalid ${read.invalid} field`;
          return refuse(reply, { status: 400, error });
        }
        try {
          const answer = await options.lookup(read.request, options.deadlineMs);
          return reply.send(bodyOf(answer));
        } catch (error) {
          return refuse(reply, lookupRefusal(asFailure(error)));
        }
      },
    );
  });
}

/** Answers 401 to a request without a valid secret, and 429 to an address that sends too many of them. */
function bearerRequired(api: FastifyInstance, bearers: Bearers) {
  const count = api.createRateLimit({
    max: UNAUTHORIZED_PER_MINUTE,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ ip }) => ip,
  });

  async function checkAgain(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const limit = await count(request);
    if (!limit.isAllowed && limit.isExceeded) {
      refuse(reply, tooMany(limit.ttlInSeconds));
    } else if (!(await bearers.knownAfterRefresh(request.headers.authorization))) {
      refuse(reply, { status: 401, error: "Unauthorized" });
    }
  }

  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (!bearers.known(request.headers.authorization)) await checkAgain(request, reply);
  };
}

function tooMany(seconds: number): LookupRefusal {
  return { status: 429, error: "Too many requests", retryAfterSeconds: seconds };
}

function refuse(
  reply: FastifyReply,
  { status, error, retryAfterSeconds }: LookupRefusal,
): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return reply.status(status).send({ error });
}
