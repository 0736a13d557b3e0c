import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Config } from "../config/load.ts";
import { summaryOptions } from "../config/summary-options.ts";
import type { ApiState } from "../domain/api-state.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { ParticipantAttributes } from "../domain/ports/participant-attributes.ts";
import { emptied } from "../domain/summary/emptied.ts";
import { sharedConversations } from "../fleet/conversations.ts";
import { genesysAttributes, genesysContacts } from "../genesys/attributes.ts";
import { cacheContacts } from "../genesys/contact-cache.ts";
import { createGenesysSdk } from "../genesys/sdk.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { dialectOf } from "../oracle/dialects.ts";
import type { ScrubPlan } from "../pipeline/erase.ts";
import { createWorker, type Worker } from "../pipeline/worker.ts";
import { createAcknowledge } from "../queue/acknowledge.ts";
import { checkQueue, createSqs } from "../queue/sqs.ts";
import type { Api } from "../resilience/api.ts";
import {
  connectShared,
  genesysName,
  openGenesys,
  openHistory,
  openOracle,
  type ProcessDeps,
} from "./apis.ts";
import { systemClocks } from "./clocks.ts";
import { waitForTokens } from "./wait-for-tokens.ts";

/** A worker with all that it needs. */
export interface ComposedWorker extends Worker {
  /** How both APIs stand, for readiness and metrics. */
  protection(): readonly ApiState[];
}

/** How a worker is told to stop while it is being put together, and tells why that takes long. */
export interface StartDeps {
  readonly signal: AbortSignal;
  readonly waiting: (failure: Failure) => void;
}

/**
 * Puts a worker together from its configuration. Nothing is consumed before both queues and both
 * tokens are proven (`prove.ts`).
 * @throws {Failure} where a queue cannot be used.
 */
export async function composeWorker(
  config: Config,
  around: ProcessDeps,
  starting: StartDeps,
): Promise<ComposedWorker> {
  const { report, now, random } = around;
  const { epochNow, monotonicNow } = systemClocks();
  const release: (() => void)[] = [];
  try {
    const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
    release.push(() => sqs.destroy());
    await checkQueue(sqs, "QUEUE_URL", config.QUEUE_URL);
    const letters = await checkQueue(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL);

    const stopping = new AbortController();
    release.push(() => stopping.abort());
    const signal = stopping.signal;
    const shared = await connectShared(config, report);
    if (shared !== undefined) release.push(shared.state.close);
    const outfit = { around, signal, shared };
    const genesys = openGenesys(config, config.ORACLE_CONCURRENCY, outfit);
    release.push(genesys.close);
    const oracle = openOracle(config, outfit);
    release.push(oracle.close);
    await waitForTokens({
      genesys: () => genesys.warm(),
      oracle: () => oracle.warm(),
      report,
      random,
      ...starting,
    });

    const sdk = createGenesysSdk(config.GENESYS_API_URL, genesys.send);
    const worker = createWorker({
      queue: { sqs, queueUrl: config.QUEUE_URL },
      acknowledge: createAcknowledge({
        sqs,
        queueUrl: config.QUEUE_URL,
        deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
        largestLetterBytes: letters.largestMessageBytes,
      }),
      tools: {
        history: openHistory(config, oracle, outfit, config.GENESYS_CLIENT_SECRET),
        contacts: cacheContacts(genesysContacts(sdk, epochNow), monotonicNow),
        attributes: config.SHADOW ? shadowAttributes : genesysAttributes(sdk, epochNow),
        summary: summaryOptions(config),
        defaultRegion: config.DEFAULT_PHONE_REGION,
        now,
      },
      report,
      statusAttribute: `${config.ATTRIBUTE_PREFIX}status`,
      scrub: scrubPlan(config),
      shadow: config.SHADOW,
      supplies: {
        of: (lookupMs) => ({
          genesys: genesys.supply(lookupMs),
          oracle: oracle.supply(lookupMs),
        }),
        oracleConcurrency: config.ORACLE_CONCURRENCY,
        oracleRequests: dialectOf(config.ORACLE_DIALECT).requestsPerLookup,
      },
      fleet: shared && sharedConversations(shared.state, genesysName(config)),
      warm: oncePerMinute(() => warm([genesys, oracle], report), now),
      slowGenesys: genesys.limitReached,
      now,
      eventNow: awsClock(sqs, now),
      random,
    });
    return {
      protection: () => [genesys.state(), oracle.state()],
      load: worker.load,
      start() {
        const { SHADOW: shadow, ORACLE_DIALECT: dialect } = config;
        report("worker.started", {
          node: process.version,
          shadow,
          dialect,
          genesysPerMinute: config.GENESYS_REQUESTS_PER_MINUTE,
          oraclePerMinute: config.ORACLE_REQUESTS_PER_MINUTE,
        });
        worker.start();
      },
      async stop(because) {
        await worker.stop(because);
        for (const letGo of release.toReversed()) letGo();
      },
    };
  } catch (error) {
    for (const letGo of release.toReversed()) letGo();
    throw error;
  }
}

/** Makes tokens and connections ready before the next conversation. A failure is told, not fatal. */
function warm(apis: readonly Api[], report: Report): void {
  for (const api of apis) {
    api.warm().catch((error) => report("token.failed", failedFields(asFailure(error))));
    api.connect();
  }
}

/** Less may be the way of the answer, and the header's whole seconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * AWS' clock, by the `Date` of SQS' answers, where it is far from the machine's: one whose own clock
 * is wrong would take every call for an old one.
 */
function awsClock(sqs: SQSClient, now: () => number): () => number {
  return () => {
    const { systemClockOffset: offset } = sqs.config;
    return now() + (Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0);
  };
}

/** Thousands sign in at once in the morning. */
function oncePerMinute(work: () => void, now: () => number): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - last < 60_000) return;
    last = now();
    work();
  };
}

/** `SHADOW`: Genesys is not asked; the worker reports what would have been written. */
const shadowAttributes: ParticipantAttributes = { write: () => Promise.resolve() };

function scrubPlan(config: Config): ScrubPlan | undefined {
  const { SCRUB_AFTER_MINUTES: minutes, SHADOW } = config;
  if (minutes === undefined || SHADOW) return undefined;
  return { values: emptied(summaryOptions(config)), afterMs: minutes * 60_000 };
}
