import type { LookupConfig } from "../config/load.ts";
import { CALL_DEADLINE_MS, type Call, Priority } from "../domain/call.ts";
import type { HomeCountries } from "../domain/identity/rank.ts";
import { after, type Clocks } from "../domain/time.ts";
import type { Report } from "../observability/facts/facts.ts";
import { createRate } from "../operations/dead-letters/rate.ts";
import type { DialectSource } from "../oracle/dialect/descriptor.ts";
import { dialectOf, homeCountries } from "../oracle/dialects.ts";
import { connectShared, openOracle } from "./apis.ts";

export interface SpellingTrialDeps {
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** The most requests in a minute, retries not counted. */
  readonly perMinute: number;
}

/** Oracle, as a live lookup sees it, for lookups with forms that a live lookup does not ask for. */
export interface SpellingTrial {
  readonly find: DialectSource["find"];
  /** For every lookup. Conversations go first. */
  readonly call: Call;
  readonly home: HomeCountries;
  readonly formsPerLookup: number;
  /** @throws {Failure} if the token is refused. */
  warm(): Promise<void>;
  /** Requests that were sent, retries included. */
  requests(): number;
  close(): void;
}

/**
 * Composes lookups without a cache. They use the budget of the workers at the lowest priority, and ask
 * for no names and as few cases as possible: only whether somebody is found matters.
 */
export async function composeSpellingTrial(
  config: LookupConfig,
  { clocks, random, signal, perMinute }: SpellingTrialDeps,
): Promise<SpellingTrial> {
  let requests = 0;
  const report: Report = (name) => {
    if (name === "api.called") requests += 1;
  };
  const shared = await connectShared(config, report);
  const oracle = openOracle(config, { report, clocks, random, signal, shared });
  const waitForRate = createRate(perMinute / 60, clocks.monotonicNow, signal);
  const { createSource, formsPerLookup } = dialectOf(config.ORACLE_DIALECT);
  const least = { INCLUDE_CUSTOMER_NAME: false, ORACLE_CASES: 1, ORACLE_CUSTOMER_FIELDS: [] };
  const source = createSource(
    { ...config, ...least },
    {
      async send(request, call) {
        await waitForRate();
        const deadline = after(clocks.monotonicNow(), CALL_DEADLINE_MS);
        return oracle.send(request, { ...call, deadline });
      },
      epochNow: clocks.epochNow,
      onTwoRequests: () => undefined,
      onColumnRefused: () => undefined,
    },
  );
  return {
    find: (query, call) => source.find(query, call),
    call: { signal, priority: Priority.spare },
    home: homeCountries(config),
    formsPerLookup,
    warm: () => oracle.warm(),
    requests: () => requests,
    close() {
      oracle.close();
      shared?.state.close();
    },
  };
}
