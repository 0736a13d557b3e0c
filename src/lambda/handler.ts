import { ConfigurationError, type Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import { logFacts } from "../facts/log.ts";
import { asFailure } from "../failure.ts";
import { composeLookup, dataOptions } from "../lookup/compose.ts";
import type { Lookup } from "../lookup/lookup.ts";
import { type ActionAnswer, answerOf, errorAnswer, readEvent, sentenceOf } from "./contract.ts";

/** What Lambda tells of an invocation, as far as it matters here. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, invocation?: Invocation) => Promise<ActionAnswer>;

interface Ready {
  readonly lookup: (...given: Parameters<Lookup>) => Promise<ActionAnswer>;
  readonly deadlineMs: number;
}

/** What is left of an invocation's time for the answer itself. */
const TO_ANSWER_MS = 200;
/** Not composed again with each event where the configuration is wrong. */
const AGAIN_AFTER_MS = 10_000;

/**
 * The data action as an AWS Lambda function: the same lookup as the worker's, kept between invocations.
 * It is put together once, while the function starts. It never throws: what went wrong is the answer.
 */
export function createHandler(environment: Environment): Handler {
  let ready = prepare(environment);
  let preparedAt = performance.now();
  ready.catch(() => undefined);

  return async (event, invocation) => {
    const read = readEvent(event);
    if (!read.ok) return errorAnswer(read.error);
    try {
      const { lookup, deadlineMs } = await ready;
      const left = (invocation?.getRemainingTimeInMillis() ?? Infinity) - TO_ANSWER_MS;
      return await lookup(read.request, Math.max(0, Math.min(deadlineMs, left)));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) return errorAnswer(sentenceOf(asFailure(error)));
      if (performance.now() - preparedAt > AGAIN_AFTER_MS) {
        ready = prepare(environment);
        preparedAt = performance.now();
        ready.catch(() => undefined);
      }
      return errorAnswer("The function is not configured: see its log.");
    }
  };
}

async function prepare(environment: Environment): Promise<Ready> {
  try {
    const config = await readLookupConfig(environment);
    const report = logFacts(config.LOG_LEVEL);
    const around = { report, now: Date.now, random: Math.random };
    const { lookup } = await composeLookup(config, around);
    const options = dataOptions(config);
    return {
      lookup: async (...given) => answerOf(await lookup(...given), options),
      deadlineMs: config.LOOKUP_DEADLINE_MS,
    };
  } catch (error) {
    if (error instanceof ConfigurationError) process.stderr.write(`${error.message}\n`);
    throw error;
  }
}
