import { createHash, randomUUID } from "node:crypto";
import type { GenesysConfig, OracleConfig, SharedConfig } from "../config/load.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import type { Clocks } from "../domain/time.ts";
import type { createFleetBudget } from "../fleet/fleet-budget.ts";
import type { sharedHistories } from "../fleet/histories.ts";
import type { SharedState } from "../fleet/redis.ts";
import type { Report } from "../observability/facts/facts.ts";
import { createHistorySource } from "../oracle/dialects.ts";
import { cacheHistory } from "../oracle/history-cache.ts";
import { type Api, createApi, reportBudget } from "../resilience/api.ts";
import type { Budget } from "../resilience/budget/budget.ts";
import { createLocalBudget } from "../resilience/budget/local-budget.ts";
import { accountOf } from "../resilience/sign-in/sign-in.ts";

/** What the outside world gives a process. */
export interface ProcessDeps {
  readonly report: Report;
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What both APIs are built with. */
export interface ApiDeps extends ProcessDeps {
  /** Ends all requests. */
  readonly signal: AbortSignal;
  /** Undefined where a process is alone. */
  readonly shared: Shared | undefined;
}

/** What processes share in Redis, and how each kind of it is used. */
export interface Shared {
  readonly state: SharedState;
  readonly fleetBudget: typeof createFleetBudget;
  readonly histories: typeof sharedHistories;
}

/** One budget of one API. */
interface Amounts {
  readonly name: string;
  readonly limit: number | undefined;
  readonly reserve: number;
  readonly timeoutMs: number;
}

const HISTORIES_KEPT = 10_000;
/** Enough for the 300 requests a minute of a token, even where each takes seconds. */
const LEAST_GENESYS_CONNECTIONS = 32;
/** As many as there are places in hand (`hands.ts`), so that none waits for a connection. */
const CONNECTIONS_FOR_EACH_LOOKUP = 2;
/** Both APIs count by the minute. */
const WINDOW_MS = 60_000;

/** Genesys Cloud, protected. @param lookups how many conversations may be looked up at once */
export function openGenesys(config: GenesysConfig, lookups: number, deps: ApiDeps): Api {
  const { GENESYS_REQUESTS_PER_MINUTE: limit, GENESYS_RESERVED_REQUESTS: reserve } = config;
  const timeoutMs = config.GENESYS_TIMEOUT_MS;
  const amounts = { name: genesysName(config), limit, reserve, timeoutMs };
  return createApi(
    {
      source: "genesys",
      baseUrl: config.GENESYS_API_URL,
      timeoutMs,
      concurrency: Math.max(LEAST_GENESYS_CONNECTIONS, CONNECTIONS_FOR_EACH_LOOKUP * lookups),
      login: config.genesysLogin,
    },
    { ...deps, budget: budgetOf("genesys", amounts, deps) },
  );
}

/** Oracle, protected. */
export function openOracle(config: OracleConfig, deps: ApiDeps): Api {
  const { ORACLE_REQUESTS_PER_MINUTE: limit, ORACLE_TIMEOUT_MS: timeoutMs } = config;
  const name = budgetName("oracle", config.ORACLE_BASE_URL, accountOf(config.oracleLogin));
  const amounts = { name, limit, reserve: 0, timeoutMs };
  return createApi(
    {
      source: "oracle",
      baseUrl: config.ORACLE_BASE_URL,
      timeoutMs,
      concurrency: config.ORACLE_CONCURRENCY,
      login: config.oracleLogin,
      network: config.oracleNetwork,
    },
    { ...deps, budget: budgetOf("oracle", amounts, deps) },
  );
}

/**
 * What Oracle knows, out of the cache where it is fresh.
 * @param secret the same for all processes that share histories; they share none without it
 */
export function openHistory(
  config: OracleConfig,
  oracle: Api,
  { report, clocks, shared }: Pick<ApiDeps, "report" | "clocks" | "shared">,
  secret: string | undefined,
): CachedHistory {
  const freshForMs = config.ORACLE_CACHE_SECONDS * 1000;
  const onTwoRequests = () => report("oracle.two_requests", {});
  const source = createHistorySource(config, {
    send: oracle.send,
    epochNow: clocks.epochNow,
    onTwoRequests,
  });
  const histories =
    shared === undefined || secret === undefined
      ? undefined
      : shared.histories({
          shared: shared.state,
          scope: `${config.ORACLE_DIALECT} ${config.ORACLE_BASE_URL}`,
          secret,
          keepNames: config.INCLUDE_CUSTOMER_NAME,
          freshForMs,
        });
  return cacheHistory(source, { freshForMs, entries: HISTORIES_KEPT, shared: histories }, clocks);
}

/** Processes share the Genesys budget, and what they know of conversations, under this name. */
export function genesysName(config: GenesysConfig): string {
  return budgetName("genesys", config.GENESYS_API_URL, config.GENESYS_CLIENT_ID);
}

/** Redis where there is one. It is loaded only then: a function's cold start is reading code. */
export async function connectShared(
  { REDIS_URL: url, REDIS_CLUSTER: cluster }: SharedConfig,
  report: Report,
): Promise<Shared | undefined> {
  if (url === undefined) return undefined;
  const [{ connectRedis }, { createFleetBudget }, { sharedHistories }] = await Promise.all([
    import("../fleet/redis.ts"),
    import("../fleet/fleet-budget.ts"),
    import("../fleet/histories.ts"),
  ]);
  const state = await connectRedis({ url, cluster, report });
  return { state, fleetBudget: createFleetBudget, histories: sharedHistories };
}

function budgetOf(
  source: "genesys" | "oracle",
  { limit, reserve, name, timeoutMs }: Amounts,
  { report, clocks, shared }: ApiDeps,
): Budget {
  const { monotonicNow } = clocks;
  const budgetReport = reportBudget(source, report);
  const common = { windowMs: WINDOW_MS, reserve, report: budgetReport };
  if (shared === undefined || limit === undefined) {
    return createLocalBudget({ ...common, limit, monotonicNow });
  }
  return shared.fleetBudget({
    shared: shared.state,
    name,
    worker: randomUUID(),
    amounts: { limit, windowMs: WINDOW_MS, reserve, timeoutMs },
    now: monotonicNow,
    report: budgetReport,
  });
}

/** Processes share a budget where they are the same client at the same place. */
function budgetName(source: string, url: string, clientId: string): string {
  const digest = createHash("sha256").update(`${url}\n${clientId}`).digest("base64url");
  return `${source}:${digest.slice(0, 16)}`;
}
