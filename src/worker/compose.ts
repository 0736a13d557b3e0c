import { createHash, randomUUID } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { cacheContacts } from "../attributes/contact-cache.ts";
import { genesysAttributes, genesysContacts } from "../attributes/genesys.ts";
import { createGenesysSdk } from "../attributes/genesys-sdk.ts";
import type { ParticipantAttributes } from "../attributes/port.ts";
import type { Config } from "../config/load.ts";
import { failedFields, type Report } from "../facts/facts.ts";
import { asFailure, type Failure } from "../failure.ts";
import { cacheHistory, type HistoryStore } from "../history/cache.ts";
import { createHistorySource } from "../history/dialects.ts";
import { accountOf } from "../http/sign-in.ts";
import { createAcknowledge } from "../intake/acknowledge.ts";
import { createSqs, proveQueue } from "../intake/sqs.ts";
import { type Api, type ApiState, createApi, reportBudget } from "../protection/api.ts";
import type { Budget } from "../protection/budget.ts";
import { createLocalBudget } from "../protection/local-budget.ts";
import { sharedConversations } from "../state/conversations.ts";
import { createFleetBudget } from "../state/fleet-budget.ts";
import { sharedHistories } from "../state/histories.ts";
import { connectRedis, type SharedState } from "../state/redis.ts";
import { emptied } from "../summarise/scrub.ts";
import { proveTokens } from "./prove.ts";
import type { ScrubPlan } from "./scrub.ts";
import { createWorker, type Worker } from "./worker.ts";

/** What the outside world gives a process. */
export interface Surroundings {
  readonly report: Report;
  readonly now: () => number;
  readonly random: () => number;
}

/** A worker with all that it needs. */
export interface ComposedWorker extends Worker {
  /** How both APIs stand, for readiness and metrics. */
  protection(): readonly ApiState[];
}

const HISTORIES_KEPT = 10_000;
/** Enough for the 300 requests a minute of a token, even where each takes seconds. */
const LEAST_GENESYS_CONNECTIONS = 32;
/** As many as there are places in hand (`hands.ts`), so that none waits for a connection. */
const CONNECTIONS_FOR_EACH_LOOKUP = 2;
/** What one lookup costs in the normal case (docs/oracle.md). */
const REQUESTS_OF_A_LOOKUP = { gateway: 2, b2c: 1, fusion: 2 } as const;
/** Both APIs count by the minute. */
const WINDOW_MS = 60_000;

/** How a worker is told to stop while it is being put together, and tells why that takes long. */
export interface Starting {
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
  around: Surroundings,
  starting: Starting,
): Promise<ComposedWorker> {
  const { report, now, random } = around;
  const release: (() => void)[] = [];
  try {
    const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
    release.push(() => sqs.destroy());
    await proveQueue(sqs, "QUEUE_URL", config.QUEUE_URL);
    const letters = await proveQueue(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL);

    const stopping = new AbortController();
    release.push(() => stopping.abort());
    const signal = stopping.signal;
    const shared = await connectShared(config, report);
    if (shared !== undefined) release.push(shared.close);
    const genesys = genesysApi(config, { around, signal, shared });
    release.push(genesys.close);
    const oracle = oracleApi(config, { around, signal, shared });
    release.push(oracle.close);
    await proveTokens({
      genesys: () => genesys.warm(),
      oracle: () => oracle.warm(),
      report,
      random,
      ...starting,
    });

    const sdk = createGenesysSdk(config.GENESYS_API_URL, genesys.send);
    const onTwoRequests = () => report("oracle.two_requests", {});
    const source = createHistorySource(config, { send: oracle.send, now, onTwoRequests });
    const freshForMs = config.ORACLE_CACHE_SECONDS * 1000;
    const worker = createWorker({
      queue: { sqs, queueUrl: config.QUEUE_URL },
      acknowledge: createAcknowledge({
        sqs,
        queueUrl: config.QUEUE_URL,
        deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
        largestLetterBytes: letters.largestMessageBytes,
      }),
      tools: {
        history: cacheHistory(
          source,
          { freshForMs, entries: HISTORIES_KEPT, shared: shared && historiesOf(config, shared) },
          now,
        ),
        contacts: cacheContacts(genesysContacts(sdk, now), now),
        attributes: config.SHADOW ? shadowAttributes : genesysAttributes(sdk, now),
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
        oracleRequests: REQUESTS_OF_A_LOOKUP[config.ORACLE_DIALECT],
      },
      fleet:
        shared &&
        sharedConversations(
          shared,
          budgetName("genesys", config.GENESYS_API_URL, config.GENESYS_CLIENT_ID),
        ),
      warm: oncePerMinute(() => warm([genesys, oracle], report), now),
      slowGenesys: genesys.crowded,
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

/** What both APIs are built with. */
interface Outfit {
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  /** Undefined where a worker is alone. */
  readonly shared: SharedState | undefined;
}

/** One budget of one API. */
interface Amounts {
  readonly name: string;
  readonly limit: number | undefined;
  readonly reserve: number;
  readonly timeoutMs: number;
}

function genesysApi(config: Config, outfit: Outfit): Api {
  const { GENESYS_REQUESTS_PER_MINUTE: limit, GENESYS_RESERVED_REQUESTS: reserve } = config;
  const timeoutMs = config.GENESYS_TIMEOUT_MS;
  const name = budgetName("genesys", config.GENESYS_API_URL, config.GENESYS_CLIENT_ID);
  return createApi({
    source: "genesys",
    baseUrl: config.GENESYS_API_URL,
    timeoutMs,
    concurrency: Math.max(
      LEAST_GENESYS_CONNECTIONS,
      CONNECTIONS_FOR_EACH_LOOKUP * config.ORACLE_CONCURRENCY,
    ),
    budget: budgetOf("genesys", { name, limit, reserve, timeoutMs }, outfit),
    login: config.genesysLogin,
    ...outfit.around,
    signal: outfit.signal,
  });
}

function oracleApi(config: Config, outfit: Outfit): Api {
  const { ORACLE_REQUESTS_PER_MINUTE: limit, ORACLE_TIMEOUT_MS: timeoutMs } = config;
  const name = budgetName("oracle", config.ORACLE_BASE_URL, accountOf(config.oracleLogin));
  return createApi({
    source: "oracle",
    baseUrl: config.ORACLE_BASE_URL,
    timeoutMs,
    concurrency: config.ORACLE_CONCURRENCY,
    budget: budgetOf("oracle", { name, limit, reserve: 0, timeoutMs }, outfit),
    login: config.oracleLogin,
    network: config.oracleNetwork,
    ...outfit.around,
    signal: outfit.signal,
  });
}

function budgetOf(
  source: "genesys" | "oracle",
  { limit, reserve, name, timeoutMs }: Amounts,
  { around, shared }: Outfit,
): Budget {
  const report = reportBudget(source, around.report);
  const common = { reserve, windowMs: WINDOW_MS, now: monotonic, report };
  if (shared === undefined || limit === undefined) return createLocalBudget({ ...common, limit });
  return createFleetBudget({ ...common, limit, shared, name, timeoutMs, worker: randomUUID() });
}

/** Workers share a budget where they are the same client at the same place. */
function budgetName(source: string, url: string, clientId: string): string {
  const digest = createHash("sha256").update(`${url}\n${clientId}`).digest("base64url");
  return `${source}:${digest.slice(0, 16)}`;
}

async function connectShared(config: Config, report: Report): Promise<SharedState | undefined> {
  const { REDIS_URL: url, REDIS_CLUSTER: cluster } = config;
  return url === undefined ? undefined : await connectRedis({ url, cluster, report });
}

/** ms that a correction of the machine's clock does not touch: windows are measured with it. */
function monotonic(): number {
  return performance.now();
}

function historiesOf(config: Config, shared: SharedState): HistoryStore {
  return sharedHistories({
    shared,
    scope: `${config.ORACLE_DIALECT} ${config.ORACLE_BASE_URL}`,
    secret: config.GENESYS_CLIENT_SECRET,
    keepNames: config.INCLUDE_CUSTOMER_NAME,
    freshForMs: config.ORACLE_CACHE_SECONDS * 1000,
  });
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

function summaryOptions(config: Config) {
  return {
    prefix: config.ATTRIBUTE_PREFIX,
    language: config.LANGUAGE,
    includeCustomerName: config.INCLUDE_CUSTOMER_NAME,
    caseUrlTemplate: config.ORACLE_CASE_URL_TEMPLATE,
    panelLabels: config.AGENT_PANEL_LABELS,
  };
}
