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

/** One value of a label, as `{ status: "unavailable" }`; all together where none is named. */
export type Where = Readonly<Partial<Record<MetricLabel, string>>>;

/**
 * The metrics that the workers themselves write into their log once a minute (`METRICS_EMF`), by the
 * names of the workers' own table: nothing is named, or counted, twice.
 */
export class WorkerMetrics {
  readonly #service: string;

  /** @param service what `OTEL_SERVICE_NAME` tells the workers that they are */
  constructor(service: string) {
    this.#service = service;
  }

  /** @throws {TypeError} where CloudWatch never gets such a metric. */
  get(name: MetricName, statistic: string, where: Where = {}): Metric {
    const [[label, value] = []] = Object.entries(where);
    const { cloudWatch }: MetricOfTable = metrics[name];
    const view = cloudWatch.find((one) => one === (label ?? "service"));
    if (view === undefined) throw new TypeError(`CloudWatch gets no ${name} by ${label}`);
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
