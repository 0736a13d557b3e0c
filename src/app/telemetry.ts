import type { Config } from "../config/load.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Metrics, ProcessState } from "../observability/metrics/metrics.ts";
import type { Traces } from "../observability/traces/traces.ts";

/** Where metrics and traces go, and the state that metrics show. */
export interface TelemetryOptions extends ProcessState {
  readonly config: Config;
  /** Writes one line to the output of the log. */
  readonly write: (line: string) => void;
  /** Reports failures of telemetry itself. */
  readonly log: Report;
  readonly epochNow: () => EpochMs;
}

/** Listeners to the facts, beside the log. */
export interface Telemetry {
  readonly listeners: readonly Report[];
  /** All metrics in the text format of Prometheus. */
  readonly prometheus: () => Promise<string>;
  /** Sends what is still buffered. */
  readonly close: () => Promise<void>;
}

/** Starts metrics and traces if they are configured. It loads only the code that is used. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const metrics = await startMetrics(options);
  const traces = await startTraces(options);
  return {
    listeners: [metrics, traces].flatMap((one) => (one === undefined ? [] : [one.listen])),
    prometheus: () => metrics?.prometheus() ?? Promise.resolve(""),
    async close() {
      await Promise.all([metrics?.close(), traces?.close()]);
    },
  };
}

async function startMetrics(options: TelemetryOptions): Promise<Metrics | undefined> {
  const { config, write, epochNow: now } = options;
  const { METRICS_EMF: emf } = config;
  if (!emf && config.HTTP_PORT === undefined) return undefined;
  const { createMetrics } = await import("../observability/metrics/metrics.ts");
  const service = config.OTEL_SERVICE_NAME;
  return createMetrics({ ...options, emf: emf ? { service, write, now } : undefined });
}

async function startTraces({
  config,
  log,
  epochNow,
}: TelemetryOptions): Promise<Traces | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return undefined;
  const { createTraces } = await import("../observability/traces/traces.ts");
  return createTraces({
    endpoint,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    service: config.OTEL_SERVICE_NAME,
    queueName: config.QUEUE_URL.split("/").at(-1) ?? "",
    servers: {
      genesys: new URL(config.GENESYS_API_URL),
      oracle: new URL(config.ORACLE_BASE_URL),
    },
    report: log,
    now: epochNow,
  });
}
