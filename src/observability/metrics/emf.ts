import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import {
  type CloudWatchView,
  dimensionOf,
  METRIC_NAMESPACE,
  type Metric,
  type MetricName,
  metrics,
  SERVICE_DIMENSION,
} from "./metric-names.ts";

/** CloudWatch accepts at most this many values of one metric in one document. */
const MAX_VALUES = 100;

/** The values of one metric with one set of dimensions. */
interface Sample {
  readonly name: MetricName;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number | readonly number[];
}

/**
 * [pure] The metrics of one minute that have a CloudWatch view, as lines in CloudWatch's embedded metric
 * format (Amazon CloudWatch User Guide, "Specification: Embedded metric format"). All have the
 * dimension `Service`. A gauge of several APIs in one view is the highest value. `now` is epoch ms.
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
  for (let from = 0; ; from += MAX_VALUES) {
    const page = samples.flatMap((sample) => pageOf(sample, from));
    if (page.length === 0) return lines;
    const directive = {
      Namespace: METRIC_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: page.map(({ name }) => ({ Name: name, Unit: metrics[name].unit })),
    };
    const values = Object.fromEntries(page.map(({ name, value }) => [name, value]));
    const _aws = { Timestamp: now, CloudWatchMetrics: [directive] };
    lines.push(JSON.stringify({ _aws, ...dimensions, ...values }));
  }
}

/** The values of a sample for the document that starts at index `from`. */
function pageOf(sample: Sample, from: number): readonly Sample[] {
  const { value } = sample;
  if (typeof value === "number") return from === 0 ? [sample] : [];
  const some = value.slice(from, from + MAX_VALUES);
  return some.length === 0 ? [] : [{ ...sample, value: some }];
}

function samplesOf(data: MetricData): readonly Sample[] {
  const name = Object.keys(metrics).find((known) => known === data.descriptor.name);
  if (name === undefined) return [];
  // `name` is one of the table's keys.
  const metric = name as MetricName;
  const points = pointsOf(data);
  const { cloudWatch }: Metric = metrics[metric];
  return cloudWatch
    .flatMap((view) => groupBy(points, view))
    .map(([dimensions, group]) => ({ name: metric, dimensions, value: aggregate(metric, group) }))
    .filter(({ value }) => typeof value === "number" || value.length > 0);
}

/** The values of one set of labels. */
interface Point {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly values: readonly number[];
}

function pointsOf(data: MetricData): readonly Point[] {
  switch (data.dataPointType) {
    case DataPointType.HISTOGRAM:
      return data.dataPoints.map(({ value, attributes }) => ({
        labels: attributes,
        values: valuesOf(value),
      }));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return [];
    default:
      return data.dataPoints.map(({ value, attributes }) => ({
        labels: attributes,
        values: [value],
      }));
  }
}

type Group = readonly [dimensions: Readonly<Record<string, string>>, points: readonly Point[]];

function groupBy(points: readonly Point[], view: CloudWatchView): readonly Group[] {
  if (points.length === 0) return [];
  if (view === "service") return [[{}, points]];
  const groups = Map.groupBy(points, ({ labels }) => String(labels[view] ?? "none"));
  return [...groups].map(([value, group]) => [{ [dimensionOf(view)]: value }, group]);
}

function aggregate(name: MetricName, points: readonly Point[]): Sample["value"] {
  const values = points.flatMap((point) => point.values);
  switch (metrics[name].kind) {
    case "counter":
      return values.reduce((sum, value) => sum + value, 0);
    case "gauge":
      return Math.max(...values);
    case "histogram":
      return values;
  }
}

/** The values of each bucket, spread evenly over it: a histogram has only their count. */
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
