import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { regionHosts } from "../src/config/regions.ts";
import { organizationIn } from "../src/domain/event/event-source-name.ts";
import { DEFAULT_DIALECT, dialectOf, isDialectName } from "../src/oracle/dialects.ts";
import { Alarms } from "./alarms.ts";
import type { Context } from "./context.ts";
import { CostGuard } from "./cost-guard.ts";
import { Board } from "./dashboard.ts";
import { EventIngest } from "./event-ingest.ts";
import { Lookup } from "./lookup.ts";
import { Network } from "./network.ts";
import { oracleShares } from "./oracle-shares.ts";
import { PanelSite } from "./panel-site.ts";
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
 *   flows ─> HTTP API ─> lookup <─ data action        agents ─> panel
 *
 * Without an image the stack ends at the queue, which your own workers consume.
 */
export class RingaheadStack extends Stack {
  constructor(scope: Construct, id: string, context: Context, props?: StackProps) {
    super(scope, id, props);
    const size: SizeProps = sizes[context.size];
    const queues = new Queues(this, "Queues", { retentionDays: size.queueDays });
    new EventIngest(this, "EventIngest", { ...context, archiveDays: size.archiveDays, queues });
    const { imageUri, monthlyBudgetUsd, alarmEmail } = context;
    if (imageUri !== undefined) this.#workers(context, imageUri, size, queues);
    if (monthlyBudgetUsd !== undefined && alarmEmail !== undefined) {
      new CostGuard(this, "CostGuard", {
        monthlyUsd: Number(monthlyBudgetUsd),
        email: alarmEmail,
      });
    }
    if (context.panel === "true") {
      const { bucket, distribution } = new PanelSite(this, "Panel", {
        genesysHost: regionHosts[context.genesysRegion] ?? context.genesysRegion,
      });
      new CfnOutput(this, "PanelBucket", { value: bucket.bucketName });
      new CfnOutput(this, "PanelUrl", { value: `https://${distribution.domainName}/` });
    }
    new CfnOutput(this, "QueueUrl", { value: queues.events.queueUrl });
    new CfnOutput(this, "DeadLetterQueueUrl", { value: queues.deadLetters.queueUrl });
  }

  /** Workers and lookups call the same Oracle. */
  #shares(
    { environment, oracleConcurrency, lookupCode, lookupConcurrency }: Context,
    size: SizeProps,
  ) {
    const { ORACLE_DIALECT: name = DEFAULT_DIALECT } = environment;
    const standard = dialectOf(isDialectName(name) ? name : DEFAULT_DIALECT).concurrency;
    const lookups = lookupCode === undefined ? 0 : lookupConcurrency;
    return oracleShares(oracleConcurrency ?? standard, lookups, size);
  }

  #workers(context: Context, imageUri: string, size: SizeProps, queues: Queues): void {
    // The values of the enumeration are numbers of days.
    const retention: RetentionDays = size.logDays;
    const logGroup = (name: string) =>
      new LogGroup(this, name, { retention, removalPolicy: RemovalPolicy.DESTROY });
    const logs = logGroup("WorkerLog");
    const flowLogs = logGroup("FlowLog");
    const network = new Network(this, "Network", { natGateways: size.natGateways, flowLogs });
    const { lookupCode } = context;
    const secrets = new Secrets(this, "Secrets", { ...context, lookup: lookupCode !== undefined });
    const shares = this.#shares(context, size);
    const sharedState = size.sharedState
      ? new SharedState(this, "SharedState", { network })
      : undefined;
    const workers = new WorkerService(this, "Workers", {
      ...{ context, imageUri, size, network, queues, secrets, sharedState, logs },
      oracleConcurrency: shares.eachWorker,
    });
    if (size.tasks > 0 && shares.mostTasks > size.tasks) {
      const [least, most] = [size.tasks, shares.mostTasks];
      new Scaling(this, "Scaling", { workers, queue: queues.events, least, most });
    }
    const lookup =
      lookupCode === undefined
        ? undefined
        : new Lookup(this, "Lookup", {
            ...{ context, network, secrets, sharedState, logs: logGroup("LookupLog") },
            code: lookupCode,
            concurrency: shares.lookups,
            orgId: context.genesysOrgId ?? organizationIn(context.eventSourceName ?? ""),
          }).metrics;
    const worker = new WorkerMetrics(workers.name);
    const { alarmEmail: email, businessHours } = context;
    const alarms = size.alarms
      ? new Alarms(this, "Alarms", { queues, worker, lookup, email, businessHours })
      : undefined;
    new Board(this, "Board", { queues, worker, lookup, alarms: alarms?.all ?? [] });
    new CfnOutput(this, "GenesysSecret", { value: secrets.genesys.secretArn });
    new CfnOutput(this, "OracleSecret", { value: secrets.oracle.secretArn });
    new CfnOutput(this, "Cluster", { value: workers.cluster.clusterName });
    new CfnOutput(this, "Service", { value: workers.service.serviceName });
  }
}
