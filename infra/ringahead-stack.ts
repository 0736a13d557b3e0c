import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { Alarms } from "./alarms.ts";
import type { Context } from "./context.ts";
import { CostGuard } from "./cost-guard.ts";
import { Board } from "./dashboard.ts";
import { EventIngest } from "./event-ingest.ts";
import { Network } from "./network.ts";
import { Queues } from "./queues.ts";
import { Scaling } from "./scaling.ts";
import { Secrets } from "./secrets.ts";
import { SharedState } from "./shared-state.ts";
import { type SizeProps, sizes } from "./sizes.ts";
import { WorkerMetrics } from "./worker-metrics.ts";
import { WorkerService } from "./worker-service.ts";

/**
 * The whole system:
 *
 *   partner event source ─> bus ─> rules ─> queue ─> workers ─> Genesys, Oracle
 *                            └─> archive     └─> dead letters      (shared state, secrets)
 *
 * Without an image there are no workers: the stack ends at the queue, and a worker of your own reads it.
 */
export class RingaheadStack extends Stack {
  constructor(scope: Construct, id: string, context: Context, props?: StackProps) {
    super(scope, id, props);
    const size: SizeProps = sizes[context.size];
    const queues = new Queues(this, "Queues", { retentionDays: size.queueDays });
    new EventIngest(this, "EventIngest", { ...context, archiveDays: size.archiveDays, queues });
    const { imageUri, monthlyBudgetUsd, alarmEmail } = context;
    if (imageUri !== undefined) this.#work(context, imageUri, size, queues);
    if (monthlyBudgetUsd !== undefined && alarmEmail !== undefined) {
      new CostGuard(this, "CostGuard", {
        monthlyUsd: Number(monthlyBudgetUsd),
        email: alarmEmail,
      });
    }
    new CfnOutput(this, "QueueUrl", { value: queues.events.queueUrl });
    new CfnOutput(this, "DeadLetterQueueUrl", { value: queues.deadLetters.queueUrl });
  }

  #work(context: Context, imageUri: string, size: SizeProps, queues: Queues): void {
    // The enumeration's values are the days themselves.
    const retention: RetentionDays = size.logDays;
    const logGroup = (name: string) =>
      new LogGroup(this, name, { retention, removalPolicy: RemovalPolicy.DESTROY });
    const logs = logGroup("WorkerLog");
    const flowLogs = logGroup("FlowLog");
    const network = new Network(this, "Network", { natGateways: size.natGateways, flowLogs });
    const secrets = new Secrets(this, "Secrets", context);
    const sharedState = size.sharedState
      ? new SharedState(this, "SharedState", { network })
      : undefined;
    const workers = new WorkerService(this, "Workers", {
      ...{ context, imageUri, size, network, queues, secrets, sharedState, logs },
    });
    if (size.tasks > 0 && size.mostTasks > size.tasks) {
      new Scaling(this, "Scaling", { workers, queue: queues.events, size });
    }
    const worker = new WorkerMetrics(workers.name);
    const { alarmEmail: email, businessHours } = context;
    const alarms = size.alarms
      ? new Alarms(this, "Alarms", { queues, worker, email, businessHours })
      : undefined;
    new Board(this, "Board", { queues, worker, alarms: alarms?.all ?? [] });
    new CfnOutput(this, "GenesysSecret", { value: secrets.genesys.secretArn });
    new CfnOutput(this, "OracleSecret", { value: secrets.oracle.secretArn });
    new CfnOutput(this, "Cluster", { value: workers.cluster.clusterName });
    new CfnOutput(this, "Service", { value: workers.service.serviceName });
  }
}
