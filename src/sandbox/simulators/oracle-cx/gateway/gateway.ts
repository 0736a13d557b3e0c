import type { FastifyReply } from "fastify";
import { createCallRecord, type WaitOptions } from "../../server/call-record.ts";
import { addExchanges } from "../../server/exchange.ts";
import { createFaults } from "../../server/faults.ts";
import { createIssuedTokens } from "../../server/issued-tokens.ts";
import { startLoopback } from "../../server/loopback-server.ts";
import { addTokenEndpoint } from "../../server/token-endpoint.ts";
import { createConcurrency } from "../site/concurrency.ts";
import type { OracleSimulator, OracleSimulatorOptions, Overload } from "../site/simulator.ts";
import { addGatewayAdmission, GATEWAY_SCOPES } from "./admission.ts";
import { listCases, searchCustomers, withNumericIds } from "./answer.ts";
import { describeGatewayCall, GATEWAY_PATHS, type GatewayCall } from "./call.ts";
import { answerRefusal, readRequest, tokenRefusal } from "./refusal.ts";
import { casesSchema, searchSchema } from "./request.ts";

export interface OracleGatewayOptions extends OracleSimulatorOptions {
  /** The answer to requests beyond `maxConcurrent`. Default: 503 with `Retry-After: 1`. */
  readonly overload?: Overload;
  /** Whether ids that are digits are sent as numbers, beyond 2^53 too. Default: false. */
  readonly numericIds?: boolean;
}

/** A simulated gateway in front of Oracle, with its controls. */
export interface OracleGateway extends OracleSimulator {
  readonly calls: readonly GatewayCall[];
  /** Number of API requests in progress. */
  readonly inProgress: number;
  /** Maximum of `inProgress` so far. */
  readonly peakInProgress: number;
  /** Number of valid searches for exactly this value. */
  searchesFor(value: string): number;
  /** Number of valid requests for a page of the customer's cases. */
  casePagesOf(customerId: string): number;
  waitFor(
    matches: (call: GatewayCall) => boolean,
    options?: WaitOptions,
  ): Promise<readonly GatewayCall[]>;
}

/**
 * Starts a strict simulator of the `gateway` dialect on 127.0.0.1. It refuses unknown and sensitive fields,
 * and compares phone numbers exactly.
 */
export async function startOracleGateway(options: OracleGatewayOptions): Promise<OracleGateway> {
  const { customers, timing = {} } = options;
  const { now = Date.now, latencyMs = () => 0, tokenLifeSeconds = 3600 } = timing;
  const record = createCallRecord<GatewayCall>();
  const faults = createFaults();
  const tokens = createIssuedTokens({ lifeSeconds: tokenLifeSeconds, now });
  const concurrency = createConcurrency(options.maxConcurrent ?? Number.POSITIVE_INFINITY);
  const counts = { token: 0, search: 0, cases: 0, other: 0 };
  const searches = new Map<string, number>();
  const casePages = new Map<string, number>();
  let overloaded = 0;

  function sendJson(reply: FastifyReply, answer: unknown): void {
    reply.type("application/json");
    reply.send(options.numericIds === true ? withNumericIds(answer) : JSON.stringify(answer));
  }

  const server = await startLoopback({ bodyLimitBytes: 100_000 }, (app, closing) => {
    const exchanges = addExchanges(app, {
      record,
      faults,
      latencyMs,
      closing,
      now,
      describe(request, arrival) {
        const call = describeGatewayCall(request, arrival);
        counts[call.kind] += 1;
        return call;
      },
    });
    addTokenEndpoint(app, {
      client: {
        id: options.clientId,
        secret: options.clientSecret,
        key: options.signingKey,
        scopes: GATEWAY_SCOPES,
      },
      tokens,
      now,
      tokenType: "Bearer",
      refuse: (reply, refusal) => answerRefusal(reply, tokenRefusal(refusal)),
    });
    app.register((api, _, done) => {
      addGatewayAdmission(api, {
        tokens,
        concurrency,
        overload: options.overload ?? { status: 503, retryAfterSeconds: 1 },
        onOverload() {
          overloaded += 1;
        },
      });
      api.post(GATEWAY_PATHS.search, (request, reply) => {
        const search = readRequest(searchSchema, request.body);
        const values = search.searchFields.map(({ value }) => value);
        for (const value of new Set(values)) countOne(searches, value);
        exchanges.note(request, { values });
        sendJson(reply, searchCustomers(customers, search));
      });
      api.get(GATEWAY_PATHS.cases, (request, reply) => {
        const query = readRequest(casesSchema, request.query);
        countOne(casePages, query.customerId);
        exchanges.note(request, { customerId: query.customerId });
        sendJson(reply, listCases(customers, query));
      });
      done();
    });
  });

  return {
    ...server,
    faults,
    searchPath: GATEWAY_PATHS.search,
    throttle: { status: 429, headers: { "retry-after": "1" } },
    counts,
    get calls() {
      return record.calls;
    },
    get overloaded() {
      return overloaded;
    },
    get inProgress() {
      return concurrency.current;
    },
    get peakInProgress() {
      return concurrency.peak;
    },
    searchesFor: (value) => searches.get(value) ?? 0,
    casePagesOf: (customerId) => casePages.get(customerId) ?? 0,
    revokeTokens: tokens.revokeAll,
    waitFor: record.waitFor,
  };
}

function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
