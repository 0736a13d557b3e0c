import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { emptyResource } from "@opentelemetry/resources";
import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import type { ApiState } from "../../domain/api-state.ts";
import type { Report } from "../facts/facts.ts";
import { emfLines } from "./emf.ts";
import { createInstruments, type Observe } from "./instruments.ts";
import { measureFacts } from "./measure.ts";
import { PROMETHEUS_PREFIX } from "./metric-names.ts";

/** What is looked at whenever metrics are collected. */
export interface ProcessState {
  readonly protection: () => readonly ApiState[];
  /** Undefined before anything is consumed. */
  readonly load: () =>
    | { readonly inHand: number; readonly waiting: number; readonly oldestMs: number }
    | undefined;
}

export interface MetricsOptions extends ProcessState {
  /** Where lines for CloudWatch go, and under which name; undefined where they are not wanted. */
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
  /** Everything as Prometheus reads it (text format 0.0.4). */
  readonly prometheus: () => Promise<string>;
  /** Writes the last minute's lines and lets go. */
  readonly close: () => Promise<void>;
}

const EMF_EVERY_MS = 60_000;
/** `prefix`, no timestamps, no labels of the resource, neither `target_info` nor scope labels. */
const serializer = () => new PrometheusSerializer(PROMETHEUS_PREFIX, false, undefined, true, true);

/** Collects when it is asked to. */
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

/** Metrics out of the facts and of how things stand. */
export function createMetrics(options: MetricsOptions): Metrics {
  const total = new Collector(AggregationTemporality.CUMULATIVE);
  const minute = options.emf && new Collector(AggregationTemporality.DELTA);
  const readers = minute === undefined ? [total] : [total, minute];
  const provider = new MeterProvider({ resource: emptyResource(), readers });
  const instruments = createInstruments(provider.getMeter("ringahead"), (observe) =>
    look(options, observe),
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

function look({ protection, load }: ProcessState, observe: Observe): void {
  for (const { source: api, breaker, budget, waiting } of protection()) {
    observe("breaker_open", breaker.state === "closed" ? 0 : 1, { api });
    observe("budget_paused_seconds", budget.pausedForMs / 1000, { api });
    observe("calls_waiting", waiting, { api });
    if (budget.limit === undefined) continue;
    observe("budget_limit", budget.limit, { api });
    observe("budget_used", budget.used, { api });
    observe("budget_used_percent", (100 * budget.used) / budget.limit, { api });
  }
  const held = load();
  if (held === undefined) return;
  observe("backlog_size", held.waiting);
  observe("backlog_age_ms", held.oldestMs);
  observe("in_hand", held.inHand);
}
