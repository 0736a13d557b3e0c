import { type Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { FactName } from "../src/facts/facts.ts";

/** A CloudWatch metric that is read from the worker's own log lines. */
interface FactMetric {
  readonly fact: FactName;
  /** A further field of the line, and what it has to be. */
  readonly where?: readonly [field: string, value: string];
  /** The field that is measured; without it lines are counted. */
  readonly value?: string;
  readonly statistic: string;
}

/** What alarms and dashboard look at. No dimension: a conversation's id would make a metric of its own. */
const metrics = {
  Written: { fact: "enrichment.written", statistic: Stats.SUM },
  Unavailable: {
    fact: "enrichment.written",
    where: ["status", "unavailable"],
    statistic: Stats.SUM,
  },
  SinceEventMs: { fact: "enrichment.written", value: "sinceEventMs", statistic: Stats.p(95) },
  HeadStartMs: { fact: "headstart.measured", value: "headStartMs", statistic: Stats.p(50) },
  BreakerOpened: { fact: "breaker.opened", statistic: Stats.SUM },
  Paused: { fact: "limiter.paused", statistic: Stats.SUM },
  Expired: { fact: "enrichment.expired", statistic: Stats.SUM },
  DeadLettered: { fact: "event.dead_lettered", statistic: Stats.SUM },
  TokenFailed: { fact: "token.failed", statistic: Stats.SUM },
} as const satisfies Readonly<Record<string, FactMetric>>;

export type FactMetricName = keyof typeof metrics;
export const NAMESPACE = "Ringahead";

/** The worker's facts as metrics, by filters on its log. */
export class FactMetrics extends Construct {
  readonly #filters: ReadonlyMap<FactMetricName, Metric>;

  constructor(scope: Construct, id: string, { logs }: { readonly logs: ILogGroup }) {
    super(scope, id);
    const names = Object.keys(metrics) as FactMetricName[];
    this.#filters = new Map(
      names.map((name) => {
        const { fact, where, value, statistic }: FactMetric = metrics[name];
        const isFact = FilterPattern.stringValue("$.fact", "=", fact);
        const filter = new MetricFilter(this, name, {
          logGroup: logs,
          metricNamespace: NAMESPACE,
          metricName: name,
          metricValue: value === undefined ? "1" : `$.${value}`,
          filterPattern:
            where === undefined
              ? isFact
              : FilterPattern.all(
                  isFact,
                  FilterPattern.stringValue(`$.${where[0]}`, "=", where[1]),
                ),
        });
        return [name, filter.metric({ statistic })];
      }),
    );
  }

  get(name: FactMetricName): Metric {
    const metric = this.#filters.get(name);
    if (metric === undefined) throw new TypeError(`no metric ${name}`);
    return metric;
  }
}
