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
import type { LabelFilter, WorkerMetrics } from "./worker-metrics.ts";

export interface AlarmsProps {
  readonly queues: Queues;
  readonly worker: WorkerMetrics;
  /** Undefined if the stack has no lookups on demand. */
  readonly lookup: LookupMetrics | undefined;
  readonly email: string | undefined;
  /** Hours in UTC, Monday to Friday: `7-17`. */
  readonly businessHours: string;
}

/** One alarm. Its name is a heading of docs/how-to/runbook.md. */
interface AlarmSpec {
  readonly name: string;
  /** What happened and what it means, for the person on call. */
  readonly description: string;
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  /** How many periods are evaluated. */
  readonly periods: number;
  /** How many of these must breach the threshold; by default all. */
  readonly atLeast?: number;
}

const MINUTE = Duration.minutes(1);
const FIVE = Duration.minutes(5);
const QUIET_MINUTES = 15;

/** All alarms, and the topic that sends their notifications. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const key = new Key(this, "Key", {
      description: "Ringahead: encrypts alarm notifications",
      enableKeyRotation: true,
    });
    // CloudWatch may not use the default key of SNS.
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
      // No calls at night are normal.
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

/** From AWS' own metrics. The API does not count data actions, and the function does not count what never reached it. */
function ofLookups({ errors, serverErrors, throttles }: LookupMetrics): readonly AlarmSpec[] {
  const sum = (metric: Metric) => metric.with({ period: FIVE, statistic: Stats.SUM });
  return [
    {
      name: "LookupsFail",
      description: "Lookups on demand fail: flows get no answer and take their failure path.",
      metric: new MathExpression({
        // The function and the API both count a failed HTTP call.
        expression: "MAX([FILL(broken, 0), FILL(failed, 0)])",
        usingMetrics: { broken: sum(errors), failed: sum(serverErrors) },
        period: FIVE,
      }),
      above: 5,
      periods: 2,
    },
    {
      name: "LookupsRefused",
      description: "AWS refuses lookups on demand: all instances of the function are in use.",
      metric: sum(throttles),
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
      description:
        "A message has waited in the queue for 5 minutes: workers are missing, stuck or refused.",
      metric: events.metricApproximateAgeOfOldestMessage(maximum),
      above: 300,
      periods: 5,
    },
    {
      name: "DeadLetters",
      description: "Workers gave up events for good. Nothing retries a dead letter by itself.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(maximum),
      above: 0,
      periods: 1,
    },
    {
      name: "Undelivered",
      description: "EventBridge could not deliver events to the queue. No worker has seen them.",
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
      description:
        "Calls to Oracle or Genesys are paused (circuit breaker open). The log line breaker.opened says which, and why.",
      metric: worker.get("breaker_open", Stats.MAXIMUM).with({ period: MINUTE }),
      above: 0,
      periods: 5,
      // A metric that is written once a minute sometimes skips a period.
      atLeast: 4,
    },
    {
      name: "Throttled",
      description:
        "Genesys or Oracle throttles us repeatedly (429): another client uses the same rate limit.",
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
      description:
        "Many agents see `unavailable`: Oracle does not answer in time. Inform the supervisors.",
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
      description: "More than half of the histories arrive after the agent has answered.",
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
    description: "No event has arrived from Genesys Cloud for 30 minutes in business hours.",
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

function sumOf(worker: WorkerMetrics, name: MetricName, filter?: LabelFilter): Metric {
  return worker.get(name, Stats.SUM, filter).with({ period: FIVE });
}
