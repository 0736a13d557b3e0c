import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import { type Metric, type MetricName, metrics } from "./metric-names.ts";

/** The names of the metrics of one kind. */
type Named<K extends Metric["kind"]> = {
  [N in MetricName]: (typeof metrics)[N]["kind"] extends K ? N : never;
}[MetricName];

/** Reports the current value of a gauge for one set of labels. */
export type Observe = (name: Named<"gauge">, value: number, labels?: Attributes) => void;

/** Records values of counters and histograms, by the name of the metric. */
export interface Instruments {
  count(name: Named<"counter">, labels?: Attributes, by?: number): void;
  record(name: Named<"histogram">, value: number, labels?: Attributes): void;
}

/** Fine in the first seconds, because agents answer within seconds. */
const BUCKETS_MS = [
  10, 25, 50, 100, 250, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000,
  20_000, 30_000, 60_000, 120_000, 300_000, 1_800_000,
];
const BUCKETS_COUNT = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20];
const units = { Count: "1", Milliseconds: "ms", Percent: "%", Seconds: "s" } as const;

/** Creates all metrics of the table. Calls `observeGauges` at each collection. */
export function createInstruments(
  meter: Meter,
  observeGauges: (observe: Observe) => void,
): Instruments {
  const counters = new Map<string, (labels: Attributes, by: number) => void>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, ReturnType<Meter["createObservableGauge"]>>();
  for (const [name, metric] of Object.entries<Metric>(metrics)) {
    const about = { description: metric.meaning, unit: units[metric.unit] };
    switch (metric.kind) {
      case "counter": {
        const counter = meter.createCounter(name, about);
        counters.set(name, (labels, by) => counter.add(by, labels));
        break;
      }
      case "histogram": {
        const explicitBucketBoundaries = metric.unit === "Count" ? BUCKETS_COUNT : BUCKETS_MS;
        const advice = { explicitBucketBoundaries };
        histograms.set(name, meter.createHistogram(name, { ...about, advice }));
        break;
      }
      case "gauge":
        gauges.set(name, meter.createObservableGauge(name, about));
    }
  }
  meter.addBatchObservableCallback(
    (result) => {
      observeGauges((name, value, labels) => {
        const gauge = gauges.get(name);
        if (gauge !== undefined) result.observe(gauge, value, labels);
      });
    },
    [...gauges.values()],
  );
  return {
    count: (name, labels = {}, by = 1) => counters.get(name)?.(labels, by),
    record: (name, value, labels = {}) => histograms.get(name)?.record(Math.max(0, value), labels),
  };
}
