import { systemClocks } from "../app/clocks.ts";
import { phaseOf } from "../app/lifecycle.ts";
import { type ComposedLookup, composeLookup, dataOptions } from "../app/lookup.ts";
import { startStatusServer } from "../app/status-server.ts";
import { waitForTokens } from "../app/wait-for-tokens.ts";
import type { Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import type { Failure } from "../domain/failure.ts";
import { addLookupRoutes } from "../lookup/api/lookup-routes.ts";
import { reportToAll } from "../observability/facts/facts.ts";
import { logFacts } from "../observability/log.ts";
import { createMetrics } from "../observability/metrics/metrics.ts";
import { untilStopped } from "./stopping.ts";

const USUAL_PORT = 8080;

/**
 * `ringahead serve`: answers lookups on demand until SIGTERM or SIGINT, then finishes the requests that
 * are under way. Where a token is refused it serves all the same, 503 from Oracle's breaker and the
 * reason in `/readyz`.
 * @throws {ConfigurationError | Failure} before anything is served.
 */
export async function runServe(environment: Environment): Promise<void> {
  const config = await readLookupConfig(environment, ["LOOKUP_SECRET"]);
  const stopping = untilStopped();
  const { random } = Math;
  let composed: ComposedLookup | undefined;
  const protection = () => composed?.protection() ?? [];
  const metrics = createMetrics({ protection, load: () => undefined, emf: undefined });
  const report = reportToAll([logFacts(config.LOG_LEVEL), metrics.listen]);
  composed = await composeLookup(config, { report, clocks: systemClocks(), random });
  let does: "serving" | undefined;
  let unproven: Failure | undefined;
  try {
    const server = await startStatusServer({
      port: config.HTTP_PORT ?? USUAL_PORT,
      protection,
      metrics: metrics.prometheus,
      phase: () => phaseOf({ stopAsked: stopping.asked(), does, unproven }),
      load: () => undefined,
      now: Date.now,
      routes: (app) =>
        addLookupRoutes(app, {
          lookup: composed.lookup,
          secrets: config.lookupSecrets,
          deadlineMs: config.LOOKUP_DEADLINE_MS,
          requestsPerMinute: config.LOOKUP_REQUESTS_PER_MINUTE,
          data: dataOptions(config),
          report,
        }),
    });
    report("serve.started", { node: process.version, dialect: config.ORACLE_DIALECT });
    report("http.listening", { port: server.port });
    const waiting = (failure: Failure) => {
      unproven = failure;
    };
    const { signal } = stopping;
    // Genesys is asked only where a conversation is named.
    const genesys = () => Promise.resolve();
    const { warm: oracle } = composed;
    const proof = waitForTokens({ genesys, oracle, report, waiting, signal, random }).then(() => {
      does = "serving";
    });
    const because = await stopping.stop;
    await Promise.all([server.close(), proof]);
    report("serve.stopped", { because });
  } finally {
    composed.close();
    await metrics.close();
    stopping.forget();
  }
}
