import type { Config } from "../config/load.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Metrics, ProcessState } from "../observability/metrics/metrics.ts";
import type { Traces } from "../observability/traces/traces.ts";

/** Where metrics and traces go, and what they are made of. */
export interface TelemetryOptions extends ProcessState {
  readonly config: Config;
  /** Writes one line among the log's. */
  readonly write: (line: string) => void;
  /** The log: told where telemetry itself fails. */
  readonly log: Report;
  readonly now: () => number;
}

/** What listens to the facts beside the log. */
export interface Telemetry {
  readonly listeners: readonly Report[];
  /** Everything as Prometheus reads it. */
  readonly prometheus: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Metrics where somebody reads them, traces where a collector is named. What is off is not even loaded. */
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
  const { config, write, now } = options;
  const { METRICS_EMF: emf } = config;
  if (!emf && config.HTTP_PORT === undefined) return undefined;
  const { createMetrics } = await import("../observability/metrics/metrics.ts");
  const service = config.OTEL_SERVICE_NAME;
  return createMetrics({ ...options, emf: emf ? { service, write, now } : undefined });
}

async function startTraces({ config, log, now }: TelemetryOptions): Promise<Traces | undefined> {
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
    now,
  });
}
