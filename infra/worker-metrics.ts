import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import {
  dimensionOf,
  METRIC_NAMESPACE,
  type MetricLabel,
  type MetricName,
  type Metric as MetricOfTable,
  metrics,
  SERVICE_DIMENSION,
} from "../src/observability/metrics/metric-names.ts";

/** One value of a label: `{ status: "unavailable" }`. Without one, the metric counts all values together. */
export type LabelFilter = Readonly<Partial<Record<MetricLabel, string>>>;

/**
 * The metrics that workers write into their log once a minute (`METRICS_EMF`), by the names in the
 * workers' own table.
 */
export class WorkerMetrics {
  readonly #service: string;

  /** @param service the workers' `OTEL_SERVICE_NAME` */
  constructor(service: string) {
    this.#service = service;
  }

  /** @throws {TypeError} if workers do not write this metric to CloudWatch. */
  get(name: MetricName, statistic: string, filter: LabelFilter = {}): Metric {
    const [[label, value] = []] = Object.entries(filter);
    const { cloudWatch }: MetricOfTable = metrics[name];
    const view = cloudWatch.find((one) => one === (label ?? "service"));
    if (view === undefined) throw new TypeError(`CloudWatch has no ${name} by ${label}`);
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: name,
      dimensionsMap: {
        [SERVICE_DIMENSION]: this.#service,
        ...(view === "service" || value === undefined ? {} : { [dimensionOf(view)]: value }),
      },
      statistic,
    });
  }
}
