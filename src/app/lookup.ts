import type { LookupConfig } from "../config/load.ts";
import { summaryOptions } from "../config/summary-options.ts";
import type { ApiState } from "../domain/api-state.ts";
import type { DataOptions } from "../domain/summary/lookup-data.ts";
import type { Clocks } from "../domain/time.ts";
import { createLookup, type Lookup, type LookupDeps } from "../lookup/lookup.ts";
import type { Api } from "../resilience/api.ts";
import {
  type ApiDeps,
  connectShared,
  openGenesys,
  openHistory,
  openOracle,
  type ProcessDeps,
} from "./apis.ts";

/** The options for the data that flows get about a customer. */
export function dataOptions(config: LookupConfig): DataOptions {
  const fields = config.ORACLE_CUSTOMER_FIELDS.map(({ name }) => name);
  return { ...summaryOptions(config), fields };
}

/** The lookup on demand with its clients. */
export interface ComposedLookup {
  readonly lookup: Lookup;
  /**
   * Gets Oracle's token before the first lookup needs it.
   * @throws {Failure} if the token is refused.
   */
  warm(): Promise<void>;
  /** The states of the APIs, for readiness. */
  protection(): readonly ApiState[];
  /** Aborts running lookups and closes connections. */
  close(): void;
}

/** Composes the lookup on demand: the parts of the worker without queue and write. */
export async function composeLookup(
  config: LookupConfig,
  processDeps: ProcessDeps,
): Promise<ComposedLookup> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const shared = await connectShared(config, processDeps.report);
  const deps = { ...processDeps, signal, shared };
  const oracle = openOracle(config, deps);
  const genesys = config.genesys && openGenesys(config.genesys, config.ORACLE_CONCURRENCY, deps);
  const apis = genesys === undefined ? [oracle] : [genesys, oracle];
  return {
    lookup: lookupWith(config, { oracle, genesys }, deps),
    warm: () => oracle.warm(),
    protection: () => apis.map((api) => api.state()),
    close() {
      stopping.abort();
      for (const api of apis) api.close();
      shared?.state.close();
    },
  };
}

/** Genesys Cloud is called only for lookups by conversation. */
interface LookupApis {
  readonly oracle: Api;
  readonly genesys: Api | undefined;
}

/** The lookup on demand over open clients. */
export function lookupWith(
  config: LookupConfig,
  { oracle, genesys }: LookupApis,
  deps: ApiDeps,
): Lookup {
  const { report, clocks, signal } = deps;
  return createLookup({
    history: openHistory(config, oracle, deps, config.genesys?.GENESYS_CLIENT_SECRET),
    genesys: genesys && lazyGenesys(config, genesys, clocks),
    defaultRegion: config.DEFAULT_PHONE_REGION,
    ...{ report, signal, now: clocks.monotonicNow },
  });
}

/** The Genesys SDK is large: it is loaded with the first lookup by conversation. */
function lazyGenesys(config: LookupConfig, api: Api, clocks: Clocks): LookupDeps["genesys"] {
  let opened: Promise<NonNullable<LookupDeps["genesys"]>> | undefined;
  const open = () => {
    opened ??= openDirectories(config, api, clocks);
    return opened;
  };
  return {
    customers: { find: async (id, call) => (await open()).customers.find(id, call) },
    contacts: { find: async (id, call) => (await open()).contacts.find(id, call) },
  };
}

async function openDirectories(
  { genesys, REFERENCE_ATTRIBUTE: reference }: LookupConfig,
  api: Api,
  { epochNow, monotonicNow }: Clocks,
) {
  const [{ createGenesysSdk }, { genesysContacts }, customer, { cacheContacts }] =
    await Promise.all([
      import("../genesys/sdk.ts"),
      import("../genesys/attributes.ts"),
      import("../genesys/customer-address.ts"),
      import("../genesys/contact-cache.ts"),
    ]);
  const sdk = createGenesysSdk(genesys?.GENESYS_API_URL ?? "", api.send);
  const customers = customer.genesysCustomers(sdk, epochNow, reference);
  return {
    customers: customer.cacheCustomers(customers, monotonicNow),
    contacts: cacheContacts(genesysContacts(sdk, epochNow), monotonicNow),
  };
}
