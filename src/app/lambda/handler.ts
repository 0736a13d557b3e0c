import { ConfigurationError, type Environment } from "../../config/load.ts";
import { readLookupConfig } from "../../config/read.ts";
import { asFailure } from "../../domain/failure.ts";
import type { LookupRoutesOptions } from "../../lookup/api/lookup-routes.ts";
import {
  type ActionAnswer,
  answerOf,
  errorAnswer,
  readActionEvent,
  sentenceOf,
} from "../../lookup/lambda/contract.ts";
import {
  type GatewayAnswer,
  type GatewayEvent,
  readGatewayEvent,
} from "../../lookup/lambda/gateway-event.ts";
import type { Lookup } from "../../lookup/lookup.ts";
import { logFacts } from "../../observability/log.ts";
import { systemClocks } from "../clocks.ts";
import { composeLookup, dataOptions } from "../lookup.ts";

/** The part of Lambda's context object that is used here. */
interface Invocation {
  getRemainingTimeInMillis(): number;
}

export type Handler = (
  event: unknown,
  invocation?: Invocation,
) => Promise<ActionAnswer | GatewayAnswer>;

interface Ready {
  readonly lookup: (...args: Parameters<Lookup>) => Promise<ActionAnswer>;
  readonly deadlineMs: number;
  /** Built with the first request from API Gateway. */
  gateway(): Promise<(event: GatewayEvent) => Promise<GatewayAnswer>>;
}

/** The part of an invocation's time that is reserved for the answer. */
const TO_ANSWER_MS = 200;
/** How often the function may try to start again with an invalid configuration. */
const RETRY_AFTER_MS = 10_000;

/**
 * The AWS Lambda function: lookups for data actions, and the lookup API behind API Gateway. It is composed
 * once, when the function starts, and used by all invocations. It never throws: a failure is an answer.
 */
export function createHandler(environment: Environment): Handler {
  let ready = prepare(environment);
  let preparedAt = performance.now();
  ready.catch(() => undefined);

  return async (event, invocation) => {
    const request = readGatewayEvent(event);
    if (request !== undefined) return await answerGateway(request);
    const read = readActionEvent(event);
    if (!read.ok) return errorAnswer(read.error);
    try {
      const { lookup, deadlineMs } = await ready;
      const left = (invocation?.getRemainingTimeInMillis() ?? Infinity) - TO_ANSWER_MS;
      return await lookup(read.request, Math.max(0, Math.min(deadlineMs, left)));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) return errorAnswer(sentenceOf(asFailure(error)));
      prepareAgain();
      return errorAnswer("The function is not configured: see its log.");
    }
  };

  async function answerGateway(event: GatewayEvent): Promise<GatewayAnswer> {
    try {
      const gateway = await (await ready).gateway();
      return await gateway(event);
    } catch {
      // Only an invalid configuration gets here, and it is in the log: the routes answer every failure.
      prepareAgain();
      return {
        statusCode: 503,
        headers: { "content-type": "application/json", "retry-after": "10" },
        body: JSON.stringify({ error: "The function is not configured: see its log" }),
      };
    }
  }

  function prepareAgain(): void {
    if (performance.now() - preparedAt <= RETRY_AFTER_MS) return;
    ready = prepare(environment);
    preparedAt = performance.now();
    ready.catch(() => undefined);
  }
}

async function prepare(environment: Environment): Promise<Ready> {
  try {
    const config = await readLookupConfig(environment);
    const report = logFacts(config.LOG_LEVEL);
    const around = { report, clocks: systemClocks(), random: Math.random };
    const { lookup } = await composeLookup(config, around);
    const options = dataOptions(config);
    let gateway: Promise<(event: GatewayEvent) => Promise<GatewayAnswer>> | undefined;
    return {
      lookup: async (...args) => answerOf(await lookup(...args), options),
      deadlineMs: config.LOOKUP_DEADLINE_MS,
      gateway() {
        gateway ??= openGateway({
          lookup,
          secrets: config.lookupSecrets,
          deadlineMs: config.LOOKUP_DEADLINE_MS,
          requestsPerMinute: config.LOOKUP_REQUESTS_PER_MINUTE,
          data: options,
          report,
        });
        return gateway;
      },
    };
  } catch (error) {
    if (error instanceof ConfigurationError) process.stderr.write(`${error.message}\n`);
    throw error;
  }
}

/** Loads Fastify, which data actions do not need at a cold start. */
async function openGateway(options: LookupRoutesOptions) {
  const { createGateway } = await import("../../lookup/lambda/gateway.ts");
  return createGateway(options);
}
