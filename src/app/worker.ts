import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Config } from "../config/load.ts";
import { summaryOptions } from "../config/summary-options.ts";
import type { ApiState } from "../domain/api-state.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { ParticipantAttributes } from "../domain/ports/participant-attributes.ts";
import { emptied } from "../domain/summary/emptied.ts";
import { type Clocks, type EpochMs, elapsed, type MonotonicMs } from "../domain/time.ts";
import { sharedConversations } from "../fleet/conversations.ts";
import { genesysAttributes, genesysContacts } from "../genesys/attributes.ts";
import { cacheContacts } from "../genesys/contact-cache.ts";
import { createGenesysSdk } from "../genesys/sdk.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { dialectOf } from "../oracle/dialects.ts";
import { createConversationStore } from "../pipeline/conversation-store.ts";
import { createDispatcher } from "../pipeline/dispatcher.ts";
import { type EnrichmentCalls, enrich, settle } from "../pipeline/enrichment.ts";
import { createReporter } from "../pipeline/enrichment-facts.ts";
import { createEraser, type ErasePlan } from "../pipeline/erase.ts";
import { createExecutor } from "../pipeline/executor.ts";
import type { ApiCapacity } from "../pipeline/scheduler.ts";
import { createWorker, type Worker, type WorkerQueue } from "../pipeline/worker.ts";
import { createIntake } from "../queue/intake.ts";
import { VISIBILITY_SECONDS } from "../queue/limits.ts";
import { createQueueActions } from "../queue/queue-actions.ts";
import { checkQueue, createSqs } from "../queue/sqs.ts";
import type { Api } from "../resilience/api.ts";
import {
  type ApiDeps,
  connectShared,
  genesysName,
  openGenesys,
  openHistory,
  openOracle,
  type ProcessDeps,
} from "./apis.ts";
import { createEventClock } from "./event-clock.ts";
import { sampleFile } from "./sample-file.ts";
import { seededOrder } from "./seeded-order.ts";
import { openShadowSample, type ShadowSample } from "./shadow-sample.ts";
import { waitForTokens } from "./wait-for-tokens.ts";

/** A worker with everything that it needs. */
export interface ComposedWorker extends Worker {
  /** The state of both APIs, for readiness and metrics. */
  protection(): readonly ApiState[];
}

/** How a worker is stopped while it is composed, and reports why that takes long. */
export interface StartDeps {
  readonly signal: AbortSignal;
  readonly waiting: (failure: Failure) => void;
}

/** Both APIs, and what is released when the worker stops. */
interface OpenApis {
  readonly genesys: Api;
  readonly oracle: Api;
  readonly deps: ApiDeps;
}

/**
 * Composes a worker from its configuration. Nothing is consumed before both queues are checked and
 * both tokens are there (`wait-for-tokens.ts`).
 * @throws {Failure} if a queue cannot be used
 */
export async function composeWorker(
  config: Config,
  processDeps: ProcessDeps,
  starting: StartDeps,
): Promise<ComposedWorker> {
  const { report, random } = processDeps;
  const releases: (() => void)[] = [];
  const release = () => {
    for (const one of releases.toReversed()) one();
  };
  try {
    const sample = await openSample(config, report);
    const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
    releases.push(() => sqs.destroy());
    const { queue, eventNow } = await openQueue(config, sqs, processDeps.clocks);
    const apis = await openApis(config, processDeps, releases);
    const { genesys, oracle } = apis;
    await waitForTokens({
      genesys: () => genesys.warm(),
      oracle: () => oracle.warm(),
      ...{ report, random, ...starting },
    });
    const worker = composeLoop(config, { queue, eventNow, apis, sample });
    return {
      protection: () => [genesys.state(), oracle.state()],
      load: worker.load,
      start() {
        reportStarted(config, report);
        worker.start();
      },
      async stop(because) {
        await worker.stop(because);
        await sample?.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** The queue, and the clock that its answers set. */
interface OpenQueue {
  readonly queue: WorkerQueue;
  readonly eventNow: () => EpochMs;
}

/** @throws {Failure} if one of the queues cannot be used */
async function openQueue(config: Config, sqs: SQSClient, clocks: Clocks): Promise<OpenQueue> {
  const { QUEUE_URL: queueUrl, DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl } = config;
  await checkQueue(sqs, "QUEUE_URL", queueUrl);
  const deadLetters = await checkQueue(sqs, "DEAD_LETTER_QUEUE_URL", deadLetterQueueUrl);
  const { largestMessageBytes: largestDeadLetterBytes } = deadLetters;
  const eventClock = createEventClock(() => sqs.config.systemClockOffset, clocks);
  const intake = { sqs, queueUrl, visibilitySeconds: VISIBILITY_SECONDS, eventNow: eventClock.now };
  const queue: WorkerQueue = {
    ...createQueueActions({ sqs, queueUrl, deadLetterQueueUrl, largestDeadLetterBytes }),
    openIntake: (hooks) =>
      createIntake(intake, {
        ...hooks,
        answered() {
          eventClock.synchronise();
          hooks.answered();
        },
      }),
  };
  return { queue, eventNow: eventClock.now };
}

async function openApis(
  config: Config,
  processDeps: ProcessDeps,
  releases: (() => void)[],
): Promise<OpenApis> {
  const stopping = new AbortController();
  releases.push(() => stopping.abort());
  const shared = await connectShared(config, processDeps.report);
  if (shared !== undefined) releases.push(shared.state.close);
  const deps = { ...processDeps, signal: stopping.signal, shared };
  const genesys = openGenesys(config, config.ORACLE_CONCURRENCY, deps);
  releases.push(genesys.close);
  const oracle = openOracle(config, deps);
  releases.push(oracle.close);
  return { genesys, oracle, deps };
}

interface LoopParts extends OpenQueue {
  readonly apis: OpenApis;
  readonly sample: ShadowSample | undefined;
}

/** Connects the parts of the pipeline with one another. */
function composeLoop(config: Config, { queue, eventNow, apis, sample }: LoopParts): Worker {
  const { genesys, oracle, deps } = apis;
  const { report, random } = deps;
  const clocks = { ...deps.clocks, eventNow };
  const fleet = deps.shared && sharedConversations(deps.shared.state, genesysName(config));
  const store = createConversationStore(fleet);
  const reporter = createReporter({ report, shadow: config.SHADOW, clocks });
  const calls = enrichmentCalls(config, apis, sample);
  const summary = summaryOptions(config);
  const defaultRegion = config.DEFAULT_PHONE_REGION;
  const enrichment = { calls, store, reporter, summary, defaultRegion, clocks, random };
  const executor = createExecutor({
    enrich: (item, signal, progress) => enrich(item, signal, progress, enrichment),
    overdue: (item) => settle(item, { kind: "unavailable_handled" }, enrichment),
    capacity: capacityOf(config, apis),
    ...{ store, reporter, report, clocks },
  });
  const eraser = createEraser({
    plan: erasePlan(config),
    writeAttributes: calls.writeAttributes,
    ...{ store, report, clocks, random },
  });
  const dispatch = createDispatcher({
    store,
    report,
    attributePrefix: config.ATTRIBUTE_PREFIX,
    referenceAttribute: config.REFERENCE_ATTRIBUTE,
    agentConnected: ({ body }) => executor.answered(body.conversationId),
    warm: oncePerMinute(() => warm([genesys, oracle], report), clocks.monotonicNow),
    slowGenesys: genesys.limitReached,
  });
  return createWorker({ queue, dispatch, executor, eraser, store, report, clocks });
}

function enrichmentCalls(
  config: Config,
  { genesys, oracle, deps }: OpenApis,
  sample: ShadowSample | undefined,
): EnrichmentCalls {
  const sdk = createGenesysSdk(config.GENESYS_API_URL, genesys.send);
  const history = openHistory(config, oracle, deps, config.GENESYS_CLIENT_SECRET);
  const { clocks } = deps;
  const contacts = cacheContacts(genesysContacts(sdk, clocks.epochNow), clocks.monotonicNow);
  const attributes = config.SHADOW ? shadowAttributes : genesysAttributes(sdk, clocks.epochNow);
  return {
    findHistory: sample === undefined ? history.find : sample.around(history.find),
    findContact: contacts.find,
    writeAttributes: attributes.write,
  };
}

function capacityOf(config: Config, { genesys, oracle }: OpenApis): ApiCapacity {
  return {
    of: (lookupMs) => ({ genesys: genesys.capacity(lookupMs), oracle: oracle.capacity(lookupMs) }),
    oracleConcurrency: config.ORACLE_CONCURRENCY,
    oracleRequests: dialectOf(config.ORACLE_DIALECT).requestsPerLookup,
  };
}

function reportStarted(config: Config, report: Report): void {
  report("worker.started", {
    node: process.version,
    shadow: config.SHADOW,
    dialect: config.ORACLE_DIALECT,
    genesysPerMinute: config.GENESYS_REQUESTS_PER_MINUTE,
    oraclePerMinute: config.ORACLE_REQUESTS_PER_MINUTE,
  });
}

/** Makes tokens and connections ready before the next conversation. A failure is reported, not fatal. */
function warm(apis: readonly Api[], report: Report): void {
  for (const api of apis) {
    api.warm().catch((error) => report("token.failed", failedFields(asFailure(error))));
    api.connect();
  }
}

/** Thousands of agents sign in at once in the morning. */
function oncePerMinute(work: () => void, now: () => MonotonicMs): () => void {
  let last: MonotonicMs | undefined;
  return () => {
    if (last !== undefined && elapsed(last, now()) < 60_000) return;
    last = now();
    work();
  };
}

/** `SHADOW_SAMPLE_FILE`: the sample for `ringahead report --try-spellings`. @throws {Failure} */
function openSample(
  { SHADOW_SAMPLE_FILE: path, ORACLE_PLACEHOLDERS: placeholders }: Config,
  report: Report,
): Promise<ShadowSample | undefined> {
  if (path === undefined) return Promise.resolve(undefined);
  const orderOf = seededOrder("");
  return openShadowSample({ file: sampleFile(path), orderOf, placeholders, report });
}

/** `SHADOW`: no request is sent to Genesys; the worker reports what it would have written. */
const shadowAttributes: ParticipantAttributes = { write: () => Promise.resolve() };

function erasePlan(config: Config): ErasePlan | undefined {
  const { SCRUB_AFTER_MINUTES: minutes, SHADOW } = config;
  if (minutes === undefined || SHADOW) return undefined;
  return { values: emptied(summaryOptions(config)), afterMs: minutes * 60_000 };
}
