import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { FactMetrics } from "./fact-metrics.ts";
import type { Queues } from "./queues.ts";

export interface BoardProps {
  readonly queues: Queues;
  readonly facts: FactMetrics;
  readonly alarms: readonly Alarm[];
}

/** From left to right: is it well, does it arrive in time, and what is in the way. */
export class Board extends Construct {
  constructor(scope: Construct, id: string, { queues, facts, alarms }: BoardProps) {
    super(scope, id);
    const { events, deadLetters, undelivered } = queues;
    const half = 12;
    new Dashboard(this, "Dashboard", {
      widgets: [
        ...(alarms.length === 0
          ? []
          : [[new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24 })]]),
        [
          new GraphWidget({
            title: "Conversations",
            width: half,
            left: [facts.get("Written"), facts.get("Unavailable"), facts.get("Expired")],
          }),
          new GraphWidget({
            title: "Head start (median) and event to attribute (p95), ms",
            width: half,
            left: [facts.get("HeadStartMs"), facts.get("SinceEventMs")],
          }),
        ],
        [
          new GraphWidget({
            title: "Queue",
            width: half,
            left: [events.metricApproximateNumberOfMessagesVisible()],
            right: [events.metricApproximateAgeOfOldestMessage()],
          }),
          new GraphWidget({
            title: "Trouble",
            width: half,
            left: [
              facts.get("BreakerOpened"),
              facts.get("Paused"),
              facts.get("TokenFailed"),
              deadLetters.metricApproximateNumberOfMessagesVisible(),
              undelivered.metricApproximateNumberOfMessagesVisible(),
            ],
          }),
        ],
      ],
    });
  }
}
