import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { MetricName } from "../src/observability/metrics/metric-names.ts";
import type { LookupMetrics } from "./lookup.ts";
import type { Queues } from "./queues.ts";
import type { Where, WorkerMetrics } from "./worker-metrics.ts";

export interface AlarmsProps {
  readonly queues: Queues;
  readonly worker: WorkerMetrics;
  /** Undefined without lookups on demand. */
  readonly lookup: LookupMetrics | undefined;
  readonly email: string | undefined;
  /** In UTC, as `7-17`, Monday to Friday. */
  readonly businessHours: string;
}

/** One alarm: its name is a heading of docs/how-to/runbook.md. */
interface AlarmSpec {
  readonly name: string;
  /** Who has to look first, and why. */
  readonly description: string;
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  /** How many periods in a row. */
  readonly periods: number;
  /** How many of these have to be so; all unless told. */
  readonly atLeast?: number;
}

const MINUTE = Duration.minutes(1);
const FIVE = Duration.minutes(5);
const QUIET_MINUTES = 15;

/** Everything that wakes somebody, and the topic by which it does. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const key = new Key(this, "Key", {
      description: "Ringahead: alarms on their way",
      enableKeyRotation: true,
    });
    // The key that SNS has by itself does not let CloudWatch in.
    key.grantEncryptDecrypt(new ServicePrincipal("cloudwatch.amazonaws.com"));
    this.topic = new Topic(this, "Topic", { masterKey: key, enforceSSL: true });
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
    this.all = specs(props).map((spec) => this.#alarm(spec));
  }

  #alarm({
    name,
    description,
    metric,
    above,
    below,
    periods,
    atLeast = periods,
  }: AlarmSpec): Alarm {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${description} docs/how-to/runbook.md, "${name}".`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator:
        above === undefined
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: atLeast,
      // No calls at night are no trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    return alarm;
  }
}

function specs({ lookup, ...props }: AlarmsProps): readonly AlarmSpec[] {
  return [...ofWorker(props), ...(lookup === undefined ? [] : ofLookups(lookup))];
}

/** AWS' own figures: a data action that calls the function is not seen by the API, and the other way round. */
function ofLookups({ broken, failed, refused }: LookupMetrics): readonly AlarmSpec[] {
  const sum = (metric: Metric) => metric.with({ period: FIVE, statistic: Stats.SUM });
  return [
    {
      name: "LookupsFail",
      description: "Flows get no answer to their lookups, and take their failure path.",
      metric: new MathExpression({
        // What breaks on the way of an HTTP call is counted by both.
        expression: "MAX([FILL(broken, 0), FILL(failed, 0)])",
        usingMetrics: { broken: sum(broken), failed: sum(failed) },
        period: FIVE,
      }),
      above: 5,
      periods: 2,
    },
    {
      name: "LookupsRefused",
      description: "More lookups at once than the function may have instances.",
      metric: sum(refused),
      above: 5,
      periods: 3,
      atLeast: 2,
    },
  ];
}

function ofWorker(props: Omit<AlarmsProps, "lookup">): readonly AlarmSpec[] {
  return [
    ...ofQueues(props.queues),
    ...ofApis(props.worker),
    ...ofAgents(props.worker),
    noEvents(props),
  ];
}

function ofQueues({ events, deadLetters, undelivered }: Queues): readonly AlarmSpec[] {
  const maximum = { period: MINUTE, statistic: "Maximum" };
  return [
    {
      name: "OldestMessage",
      description: "Messages wait in the queue: workers are missing, stuck or refused.",
      metric: events.metricApproximateAgeOfOldestMessage(maximum),
      above: 300,
      periods: 5,
    },
    {
      name: "DeadLetters",
      description: "Events that can never go well, as the worker sees it.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(maximum),
      above: 0,
      periods: 1,
    },
    {
      name: "Undelivered",
      description: "EventBridge could not put events into the queue (AWS).",
      metric: undelivered.metricApproximateNumberOfMessagesVisible(maximum),
      above: 0,
      periods: 1,
    },
  ];
}

function ofApis(worker: WorkerMetrics): readonly AlarmSpec[] {
  return [
    {
      name: "BreakerOpened",
      description: "Oracle or Genesys is not asked any more; the log line says which, and why.",
      metric: worker.get("breaker_open", Stats.MAXIMUM).with({ period: MINUTE }),
      above: 0,
      periods: 5,
      // What is told once a minute now and then falls beside one.
      atLeast: 4,
    },
    {
      name: "Throttled",
      description: "Genesys or Oracle asks us to rest again and again (429): somebody else spends.",
      metric: sumOf(worker, "limiter_pauses"),
      above: 3,
      periods: 1,
    },
  ];
}

function ofAgents(worker: WorkerMetrics): readonly AlarmSpec[] {
  return [
    {
      name: "Unavailable",
      description: "Agents see `unavailable`: Oracle does not answer. Tell supervisors.",
      metric: new MathExpression({
        expression: "100 * unavailable / IF(written > 0, written, 1)",
        usingMetrics: {
          unavailable: sumOf(worker, "enriched", { status: "unavailable" }),
          written: sumOf(worker, "enriched"),
        },
        period: FIVE,
      }),
      above: 20,
      periods: 1,
    },
    {
      name: "HeadStart",
      description: "Histories come after the agent's hello.",
      metric: new MathExpression({
        expression: "100 * late / IF(met > 0, met, 1)",
        usingMetrics: {
          late: sumOf(worker, "agents_met", { outcome: "late" }),
          met: sumOf(worker, "agents_met"),
        },
        period: FIVE,
      }),
      above: 50,
      periods: 3,
    },
  ];
}

function noEvents({
  queues,
  businessHours,
}: Pick<AlarmsProps, "queues" | "businessHours">): AlarmSpec {
  const [from = "0", to = "24"] = businessHours.split("-");
  const open = `DAY(sent) < 6 AND HOUR(sent) >= ${Number(from)} AND HOUR(sent) < ${Number(to)}`;
  const period = Duration.minutes(QUIET_MINUTES);
  return {
    name: "NoEvents",
    description: "Nothing has come from Genesys in business hours.",
    metric: new MathExpression({
      expression: `IF(${open}, FILL(sent, 0), 1)`,
      usingMetrics: {
        sent: queues.events.metricNumberOfMessagesSent({ period, statistic: "Sum" }),
      },
      period,
    }),
    below: 1,
    periods: 2,
  };
}

function sumOf(worker: WorkerMetrics, name: MetricName, filter?: Where): Metric {
  return worker.get(name, Stats.SUM, filter).with({ period: FIVE });
}
