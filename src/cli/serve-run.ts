import { systemClocks } from "../app/clocks.ts";
import { createLifecycle } from "../app/lifecycle.ts";
import { type ComposedLookup, composeLookup, dataOptions } from "../app/lookup.ts";
import { startStatusServer } from "../app/status-server.ts";
import { waitForTokens } from "../app/wait-for-tokens.ts";
import type { Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import { addLookupRoutes } from "../lookup/api/lookup-routes.ts";
import { reportToAll } from "../observability/facts/facts.ts";
import { logFacts } from "../observability/log.ts";
import { createMetrics } from "../observability/metrics/metrics.ts";
import { untilStopped } from "./stopping.ts";

const DEFAULT_PORT = 8080;

/**
 * `ringahead serve`: answers lookups on demand until SIGTERM or SIGINT, then completes the requests in
 * progress. It also serves if a token is refused: lookups answer 503, and `/readyz` shows the reason.
 * @throws {ConfigurationError | Failure} before it serves.
 */
export async function runServe(environment: Environment): Promise<void> {
  const config = await readLookupConfig(environment, ["LOOKUP_SECRET"]);
  const stopping = untilStopped();
  const life = createLifecycle(stopping.asked);
  const { random } = Math;
  let composed: ComposedLookup | undefined;
  const protection = () => composed?.protection() ?? [];
  const metrics = createMetrics({ protection, load: () => undefined, emf: undefined });
  const report = reportToAll([logFacts(config.LOG_LEVEL), metrics.listen]);
  composed = await composeLookup(config, { report, clocks: systemClocks(), random });
  try {
    const server = await startStatusServer({
      port: config.HTTP_PORT ?? DEFAULT_PORT,
      protection,
      metrics: metrics.prometheus,
      phase: life.phase,
      load: () => undefined,
      clocks: systemClocks(),
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
    const { signal } = stopping;
    const waiting = life.tokenRefused;
    // Only lookups by conversation need Genesys, so the start does not.
    const genesys = () => Promise.resolve();
    const { warm: oracle } = composed;
    const tokens = waitForTokens({ genesys, oracle, report, waiting, signal, random }).then(() =>
      life.begun("serving"),
    );
    const because = await stopping.stop;
    await Promise.all([server.close(), tokens]);
    life.drained();
    report("serve.stopped", { because });
  } finally {
    composed.close();
    await metrics.close();
    stopping.forget();
  }
}
