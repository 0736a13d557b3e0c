import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import {
  METRIC_NAMESPACE,
  type Metric,
  type MetricName,
  metrics,
  SERVICE_DIMENSION,
} from "../facts/metric-names.ts";

/** Of these, CloudWatch gets each label's values as well: every series there has its price. */
const split: Readonly<Partial<Record<MetricName, "Api" | "Status" | "Code">>> = {
  enriched: "Status",
  dead_lettered: "Code",
  breaker_open: "Api",
  budget_used_percent: "Api",
  api_calls: "Api",
  throttled: "Api",
};

/** CloudWatch takes this many values of one metric in one document. */
const VALUES_AT_MOST = 100;

/** What one metric has to say under one set of dimensions. */
interface Sample {
  readonly name: MetricName;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number | readonly number[];
}

/**
 * [pure] One minute's metrics as lines of CloudWatch's embedded metric format (Amazon CloudWatch User
 * Guide, "Specification: Embedded metric format"). Every metric stands there under the dimension
 * `Service` alone; gauges of several APIs as their highest value.
 */
export function emfLines(collected: ResourceMetrics, service: string, now: number): string[] {
  const samples = collected.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .flatMap((metric) => samplesOf(metric));
  const byDimensions = Map.groupBy(samples, ({ dimensions }) => JSON.stringify(dimensions));
  return [...byDimensions.values()].flatMap((group) => documents(group, service, now));
}

function documents(samples: readonly Sample[], service: string, now: number): string[] {
  const [first] = samples;
  if (first === undefined) return [];
  const dimensions = { [SERVICE_DIMENSION]: service, ...first.dimensions };
  const lines: string[] = [];
  for (let from = 0; ; from += VALUES_AT_MOST) {
    const now100 = samples.flatMap((sample) => part(sample, from));
    if (now100.length === 0) return lines;
    const directive = {
      Namespace: METRIC_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: now100.map(({ name }) => ({ Name: name, Unit: metrics[name].unit })),
    };
    const values = Object.fromEntries(now100.map(({ name, value }) => [name, value]));
    const _aws = { Timestamp: now, CloudWatchMetrics: [directive] };
    lines.push(JSON.stringify({ _aws, ...dimensions, ...values }));
  }
}

/** The values of a sample that belong into the document that begins with `from`. */
function part(sample: Sample, from: number): readonly Sample[] {
  const { value } = sample;
  if (typeof value === "number") return from === 0 ? [sample] : [];
  const some = value.slice(from, from + VALUES_AT_MOST);
  return some.length === 0 ? [] : [{ ...sample, value: some }];
}

function samplesOf(data: MetricData): readonly Sample[] {
  const name = Object.keys(metrics).find((known) => known === data.descriptor.name);
  if (name === undefined || data.dataPoints.length === 0) return [];
  // Found among the table's own keys.
  const metric = name as MetricName;
  if (data.dataPointType === DataPointType.HISTOGRAM) {
    const values = data.dataPoints.flatMap((point) => valuesOf(point.value));
    return values.length === 0 ? [] : [{ name: metric, dimensions: {}, value: values }];
  }
  if (data.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return [];
  const points = data.dataPoints.map(({ value, attributes }) => ({ value, attributes }));
  const together = joining(metrics[metric]);
  const whole = { name: metric, dimensions: {}, value: together(points.map(({ value }) => value)) };
  const dimension = split[metric];
  if (dimension === undefined) return [whole];
  const label = dimension.toLowerCase();
  const groups = Map.groupBy(points, ({ attributes }) => String(attributes[label] ?? "none"));
  const parts = [...groups].map(([value, group]) => ({
    name: metric,
    dimensions: { [dimension]: value },
    value: together(group.map((point) => point.value)),
  }));
  return [whole, ...parts];
}

function joining({ kind }: Metric): (values: readonly number[]) => number {
  if (kind === "gauge") return (values) => Math.max(...values);
  return (values) => values.reduce((sum, value) => sum + value, 0);
}

/** A histogram knows how many values lie in each bucket: they are spread evenly over it. */
function valuesOf(histogram: {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
  readonly min?: number;
  readonly max?: number;
}): readonly number[] {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = histogram;
  const { boundaries, counts } = histogram.buckets;
  return counts.flatMap((count, bucket) => {
    const low = Math.max(min, boundaries[bucket - 1] ?? min);
    const high = Math.min(max, boundaries[bucket] ?? max);
    const step = (high - low) / Math.max(1, count - 1);
    if (count === 1) return [Math.round((low + high) / 2)];
    return Array.from({ length: count }, (_, index) => Math.round(low + step * index));
  });
}
