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

/** What every composition root gets from its process. */
export interface ProcessDeps {
  readonly report: Report;
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What both API clients are built with. */
export interface ApiDeps extends ProcessDeps {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Undefined if the process shares nothing (no `REDIS_URL`). */
  readonly shared: FleetServices | undefined;
}

/** The connection to Redis, and the modules that use it. */
export interface FleetServices {
  readonly state: SharedState;
  readonly fleetBudget: typeof createFleetBudget;
  readonly histories: typeof sharedHistories;
}

/** The settings of one budget. */
interface BudgetSettings {
  readonly name: string;
  readonly limit: number | undefined;
  readonly reserve: number;
  readonly timeoutMs: number;
}

const MOST_CACHED_HISTORIES = 10_000;
/** Enough for the 300 requests a minute of a token, even if each takes seconds. */
const LEAST_GENESYS_CONNECTIONS = 32;
/** As many as the executor runs for each lookup (`executor.ts`), so that none waits for a connection. */
const CONNECTIONS_PER_LOOKUP = 2;
/** Both APIs count by the minute. */
const WINDOW_MS = 60_000;

/**
 * Opens the protected client of Genesys Cloud.
 * @param lookups the most lookups at once
 */
export function openGenesys(config: GenesysConfig, lookups: number, deps: ApiDeps): Api {
  const { GENESYS_REQUESTS_PER_MINUTE: limit, GENESYS_RESERVED_REQUESTS: reserve } = config;
  const timeoutMs = config.GENESYS_TIMEOUT_MS;
  const amounts = { name: genesysName(config), limit, reserve, timeoutMs };
  return createApi(
    {
      source: "genesys",
      baseUrl: config.GENESYS_API_URL,
      timeoutMs,
      concurrency: Math.max(LEAST_GENESYS_CONNECTIONS, CONNECTIONS_PER_LOOKUP * lookups),
      login: config.genesysLogin,
    },
    { ...deps, budget: budgetOf("genesys", amounts, deps) },
  );
}

/** Opens the protected client of Oracle. */
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
 * Histories from the cache if they are fresh, otherwise from Oracle.
 * @param secret keys the shared histories: the same for all processes; undefined to share none
 */
export function openHistory(
  config: OracleConfig,
  oracle: Api,
  { report, clocks, shared }: Pick<ApiDeps, "report" | "clocks" | "shared">,
  secret: string | undefined,
): CachedHistory {
  const freshForMs = config.ORACLE_CACHE_SECONDS * 1000;
  const source = createHistorySource(config, {
    send: oracle.send,
    epochNow: clocks.epochNow,
    onTwoRequests: () => report("oracle.two_requests", {}),
    onColumnRefused: (column) => report("oracle.column_refused", { column }),
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
  return cacheHistory(
    source,
    { freshForMs, entries: MOST_CACHED_HISTORIES, shared: histories },
    clocks,
  );
}

/** The name under which processes share the budget and the conversations of Genesys Cloud. */
export function genesysName(config: GenesysConfig): string {
  return budgetName("genesys", config.GENESYS_API_URL, config.GENESYS_CLIENT_ID);
}

/**
 * Connects to Redis if it is configured. Its modules are loaded only then, for the cold start of a
 * function.
 */
export async function connectShared(
  { REDIS_URL: url, REDIS_CLUSTER: cluster }: SharedConfig,
  report: Report,
): Promise<FleetServices | undefined> {
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
  { limit, reserve, name, timeoutMs }: BudgetSettings,
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

/** Processes share a budget if they are the same client at the same address. */
function budgetName(source: string, url: string, clientId: string): string {
  const digest = createHash("sha256").update(`${url}\n${clientId}`).digest("base64url");
  return `${source}:${digest.slice(0, 16)}`;
}
