import { Duration } from "aws-cdk-lib";
import { AdjustmentType } from "aws-cdk-lib/aws-applicationautoscaling";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { WorkerService } from "./worker-service.ts";

export interface ScalingProps {
  readonly workers: WorkerService;
  readonly queue: Queue;
  readonly least: number;
  /** The most workers that the API budgets can keep busy. */
  readonly most: number;
}

/** One worker receives so many small events in one to two minutes. */
const MESSAGES_PER_WORKER = 2_000;
const MINUTE = Duration.minutes(1);

/**
 * Adds workers if messages wait in the queue: by their number for each worker, and by the age of the
 * oldest. The API budget sets the maximum: it does not grow with workers, and a backlog that waits for
 * budget is in the workers, not in the queue.
 */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, { workers, queue, least, most }: ScalingProps) {
    super(scope, id);
    const { service, cluster } = workers;
    const count = service.autoScaleTaskCount({
      minCapacity: least,
      maxCapacity: most,
    });
    const running = new Metric({
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: service.serviceName },
      statistic: "Average",
      period: MINUTE,
    });
    const visible = queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE });
    const adjustment = { adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY, cooldown: MINUTE };
    count.scaleOnMetric("BacklogPerTask", {
      metric: new MathExpression({
        expression: "visible / IF(running > 0, running, 1)",
        usingMetrics: { visible, running },
        period: MINUTE,
      }),
      scalingSteps: [
        { upper: MESSAGES_PER_WORKER / 10, change: -1 },
        { lower: MESSAGES_PER_WORKER, change: +1 },
        { lower: MESSAGES_PER_WORKER * 5, change: +2 },
      ],
      ...adjustment,
    });
    count.scaleOnMetric("OldestMessage", {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: "Maximum" }),
      scalingSteps: [
        { lower: 30, change: +1 },
        { lower: 120, change: +2 },
      ],
      ...adjustment,
    });
  }
}
