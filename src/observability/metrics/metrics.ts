import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { emptyResource } from "@opentelemetry/resources";
import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import type { ApiState } from "../../domain/api-state.ts";
import type { Report } from "../facts/facts.ts";
import { emfLines } from "./emf.ts";
import { createInstruments, type Observe } from "./instruments.ts";
import { measureFacts } from "./measure.ts";
import { PROMETHEUS_PREFIX } from "./metric-names.ts";

/** The state that is read at each collection. */
export interface ProcessState {
  readonly protection: () => readonly ApiState[];
  /** Undefined before the worker consumes. */
  readonly load: () =>
    | { readonly inHand: number; readonly waiting: number; readonly oldestMs: number }
    | undefined;
}

export interface MetricsOptions extends ProcessState {
  /** Writes lines for CloudWatch under this service name; undefined if CloudWatch gets none. */
  readonly emf:
    | {
        readonly service: string;
        readonly write: (line: string) => void;
        readonly now: () => number;
      }
    | undefined;
}

export interface Metrics {
  /** Listens to the facts. */
  readonly listen: Report;
  /** All metrics in the Prometheus text format 0.0.4. */
  readonly prometheus: () => Promise<string>;
  /** Writes the lines of the last minute and shuts down. */
  readonly close: () => Promise<void>;
}

const EMF_EVERY_MS = 60_000;
/** `prefix`, no timestamps, no labels of the resource, neither `target_info` nor scope labels. */
const serializer = () => new PrometheusSerializer(PROMETHEUS_PREFIX, false, undefined, true, true);

/** Collects on demand. */
class Collector extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality });
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Metrics from the facts and the process state. */
export function createMetrics(options: MetricsOptions): Metrics {
  const total = new Collector(AggregationTemporality.CUMULATIVE);
  const minute = options.emf && new Collector(AggregationTemporality.DELTA);
  const readers = minute === undefined ? [total] : [total, minute];
  const provider = new MeterProvider({ resource: emptyResource(), readers });
  const instruments = createInstruments(provider.getMeter("ringahead"), (observe) =>
    observeState(options, observe),
  );
  const timer = minute && setInterval(() => void flush(), EMF_EVERY_MS);

  async function flush(): Promise<void> {
    if (options.emf === undefined || minute === undefined) return;
    const { service, write, now } = options.emf;
    const { resourceMetrics } = await minute.collect();
    for (const line of emfLines(resourceMetrics, service, now())) write(`${line}\n`);
  }

  return {
    listen: measureFacts(instruments),
    async prometheus() {
      const { resourceMetrics } = await total.collect();
      return serializer().serialize(resourceMetrics);
    },
    async close() {
      clearInterval(timer);
      await flush();
      await provider.shutdown();
    },
  };
}

function observeState({ protection, load }: ProcessState, observe: Observe): void {
  for (const { source: api, breaker, budget, waiting } of protection()) {
    observe("breaker_open", breaker.state === "closed" ? 0 : 1, { api });
    observe("budget_paused_seconds", budget.pausedForMs / 1000, { api });
    observe("calls_waiting", waiting, { api });
    if (budget.limit === undefined) continue;
    observe("budget_limit", budget.limit, { api });
    observe("budget_used", budget.used, { api });
    observe("budget_used_percent", (100 * budget.used) / budget.limit, { api });
  }
  const current = load();
  if (current === undefined) return;
  observe("backlog_size", current.waiting);
  observe("backlog_age_ms", current.oldestMs);
  observe("in_hand", current.inHand);
}
