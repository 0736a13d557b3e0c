import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { LookupMetrics } from "./lookup.ts";
import type { Queues } from "./queues.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

export interface BoardProps {
  readonly queues: Queues;
  readonly worker: WorkerMetrics;
  /** Undefined if the stack has no lookups on demand. */
  readonly lookup: LookupMetrics | undefined;
  readonly alarms: readonly Alarm[];
}

const HALF = 12;

/** The dashboard: results first, then delay, then the causes of trouble. */
export class Board extends Construct {
  constructor(scope: Construct, id: string, { queues, worker, lookup, alarms }: BoardProps) {
    super(scope, id);
    const { events, deadLetters, undelivered } = queues;
    new Dashboard(this, "Dashboard", {
      widgets: [
        ...(alarms.length === 0
          ? []
          : [[new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24 })]]),
        [
          new GraphWidget({
            title: "Conversations",
            width: HALF,
            left: [
              worker.get("enriched", Stats.SUM),
              worker.get("enriched", Stats.SUM, { status: "unavailable" }),
              worker.get("expired", Stats.SUM),
              worker.get("agents_met", Stats.SUM, { outcome: "late" }),
            ],
          }),
          new GraphWidget({
            title: "Head start (median) and event to attribute (p95), ms",
            width: HALF,
            left: [
              worker.get("head_start_ms", Stats.p(50)),
              worker.get("event_to_attributes_ms", Stats.p(95)),
            ],
          }),
        ],
        [
          new GraphWidget({
            title: "Queue and backlog",
            width: HALF,
            left: [
              events.metricApproximateNumberOfMessagesVisible(),
              worker.get("backlog_size", Stats.MAXIMUM),
            ],
            right: [
              events.metricApproximateAgeOfOldestMessage(),
              worker.get("budget_used_percent", Stats.MAXIMUM, { api: "genesys" }),
              worker.get("budget_used_percent", Stats.MAXIMUM, { api: "oracle" }),
            ],
          }),
          new GraphWidget({
            title: "Trouble",
            width: HALF,
            left: [
              worker.get("breaker_open", Stats.MAXIMUM),
              worker.get("limiter_pauses", Stats.SUM),
              worker.get("token_failed", Stats.SUM),
              deadLetters.metricApproximateNumberOfMessagesVisible(),
              undelivered.metricApproximateNumberOfMessagesVisible(),
            ],
          }),
        ],
        ...(lookup === undefined ? [] : [lookupRow(lookup)]),
      ],
    });
  }
}

function lookupRow(metrics: LookupMetrics): GraphWidget[] {
  const { invocations, errors, throttles, serverErrors, duration } = metrics;
  return [
    new GraphWidget({
      title: "Lookups on demand",
      width: HALF,
      left: [invocations, errors, throttles, serverErrors].map((metric) =>
        metric.with({ statistic: Stats.SUM }),
      ),
    }),
    new GraphWidget({
      title: "Duration of a lookup (median, p95), ms",
      width: HALF,
      left: [50, 95].map((percent) => duration.with({ statistic: Stats.p(percent) })),
    }),
  ];
}
