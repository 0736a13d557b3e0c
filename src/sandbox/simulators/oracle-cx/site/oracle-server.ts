import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createCallRecord } from "../../server/call-record.ts";
import type { TokenRefusal } from "../../server/client-credentials.ts";
import { addExchanges } from "../../server/exchange.ts";
import { createFaults } from "../../server/faults.ts";
import { bearerToken, createIssuedTokens } from "../../server/issued-tokens.ts";
import { startLoopback } from "../../server/loopback-server.ts";
import { addTokenEndpoint } from "../../server/token-endpoint.ts";
import { createConcurrency } from "./concurrency.ts";
import type {
  OracleCall,
  OracleCallKind,
  OracleSimulator,
  OracleSimulatorOptions,
} from "./simulator.ts";

/** Path of an identity domain's token endpoint (Oracle Identity Cloud, "Generate Access Token"). */
const TOKEN_PATH = "/oauth2/v1/token";

/** Thrown if a request is for an unknown resource. */
export class NoSuchResource extends Error {
  override readonly name = "NoSuchResource";
}

/** One product of Oracle. */
export interface OracleProduct {
  readonly searchPath: string;
  readonly throttle: OracleSimulator["throttle"];
  /** The kind of a request, by method and path. */
  readonly kindOf: (request: FastifyRequest) => Exclude<OracleCallKind, "token">;
  /** `user:password` that is accepted instead of a token. */
  readonly basic: string | undefined;
  /** Answers a request without valid credentials. */
  readonly unauthorized: (reply: FastifyReply) => void;
  /** Answers a request whose handling threw. */
  readonly onError: (error: unknown, reply: FastifyReply) => void;
  /** Adds the routes. `note` corrects the kind of a request. */
  readonly routes: (
    api: FastifyInstance,
    note: (request: FastifyRequest, kind: OracleCallKind) => void,
  ) => void;
}

/** Starts a simulated product on 127.0.0.1, with the identity domain that issues its tokens. */
export async function startOracleProduct(
  options: OracleSimulatorOptions,
  product: OracleProduct,
): Promise<OracleSimulator> {
  const { now = Date.now, latencyMs = () => 0, tokenLifeSeconds = 3600 } = options.timing ?? {};
  const record = createCallRecord<OracleCall>();
  const faults = createFaults();
  const tokens = createIssuedTokens({ lifeSeconds: tokenLifeSeconds, now });
  const concurrency = createConcurrency(options.maxConcurrent ?? Number.POSITIVE_INFINITY);
  const counts = { token: 0, search: 0, cases: 0, other: 0 };
  const { throttle } = product;
  let overloaded = 0;

  function isAuthorized({ headers: { authorization } }: FastifyRequest): boolean {
    const token = bearerToken(authorization);
    if (token !== undefined) return tokens.statusOf(token) === "valid";
    const { basic } = product;
    return (
      basic !== undefined && authorization === `Basic ${Buffer.from(basic).toString("base64")}`
    );
  }

  function admit(api: FastifyInstance): void {
    const releaseOf = new WeakMap<FastifyRequest, () => void>();
    api.addHook("onRequest", (request, reply, done) => {
      const release = concurrency.acquire();
      if (release === undefined) {
        overloaded += 1;
        reply
          .code(throttle.status)
          .headers(throttle.headers ?? {})
          .send(throttle.body);
        return;
      }
      releaseOf.set(request, release);
      reply.raw.once("close", release);
      if (isAuthorized(request)) return done();
      product.unauthorized(reply);
    });
    // Released before the client gets the answer and can send the next request.
    api.addHook("onSend", (request, _reply, payload, done) => {
      releaseOf.get(request)?.();
      done(null, payload);
    });
    api.setErrorHandler((error, _request, reply) => product.onError(error, reply));
    api.setNotFoundHandler((_request, reply) => product.onError(new NoSuchResource(), reply));
  }

  const server = await startLoopback({ bodyLimitBytes: 100_000 }, (app, closing) => {
    const exchanges = addExchanges<OracleCall>(app, {
      record,
      faults,
      latencyMs,
      closing,
      now,
      describe(request, arrival) {
        const kind = arrival.path === TOKEN_PATH ? "token" : product.kindOf(request);
        counts[kind] += 1;
        return { ...arrival, kind };
      },
    });
    addTokenEndpoint(app, {
      path: TOKEN_PATH,
      client: { id: options.clientId, secret: options.clientSecret, key: options.signingKey },
      tokens,
      now,
      tokenType: "Bearer",
      refuse: refuseToken,
    });
    app.register((api, _, done) => {
      admit(api);
      product.routes(api, (request, kind) => {
        counts[product.kindOf(request)] -= 1;
        counts[kind] += 1;
        exchanges.note(request, { kind });
      });
      done();
    });
  });

  return {
    ...server,
    faults,
    counts,
    searchPath: product.searchPath,
    throttle,
    get calls() {
      return record.calls;
    },
    get overloaded() {
      return overloaded;
    },
    revokeTokens: tokens.revokeAll,
    waitFor: record.waitFor,
  };
}

/** The answer of identity domains (RFC 6749, section 5.2). */
function refuseToken(reply: FastifyReply, refusal: TokenRefusal): void {
  const aboutClient = ["no_client", "unknown_client", "wrong_secret"].includes(refusal);
  reply.code(aboutClient ? 401 : 400).send({
    error: aboutClient ? "invalid_client" : refusal,
    error_description: "The token request was refused",
  });
}
