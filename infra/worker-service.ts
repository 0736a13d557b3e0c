import { Duration, Stack, Validations } from "aws-cdk-lib";
import { Repository } from "aws-cdk-lib/aws-ecr";
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LogDriver,
  OperatingSystemFamily,
} from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { DRAINED_AFTER_SECONDS } from "../src/queue/limits.ts";
import { apiEnvironment } from "./api-environment.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";
import type { Queues } from "./queues.ts";
import type { Secrets } from "./secrets.ts";
import type { SharedState } from "./shared-state.ts";
import type { SizeProps } from "./sizes.ts";

export interface WorkerServiceProps {
  readonly context: Context;
  readonly imageUri: string;
  /** The most concurrent requests to Oracle of each worker. */
  readonly oracleConcurrency: number;
  readonly size: SizeProps;
  readonly network: Network;
  readonly queues: Queues;
  readonly secrets: Secrets;
  readonly sharedState: SharedState | undefined;
  readonly logs: LogGroup;
}

const PORT = 8080;
/** The heap's share of a task's memory. Node needs far less than the rest (docs/reference/benchmarks.md). */
const HEAP_SHARE = 0.5;
/** The longest that Fargate allows. */
const STOP_TIMEOUT = Duration.seconds(120);
/** As in the last stage of the Dockerfile. */
const NODE = "/nodejs/bin/node";
const NODE_USER = "65532:65532";
const IS_LIVE = `fetch("http://127.0.0.1:${PORT}/livez").then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`;

/** The workers: Fargate on Graviton, not as root, on a read-only file system. */
export class WorkerService extends Construct {
  readonly cluster: Cluster;
  readonly service: FargateService;
  /** The service name in metrics and traces. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const { size, network, sharedState } = props;
    if (STOP_TIMEOUT.toSeconds() <= DRAINED_AFTER_SECONDS)
      throw new RangeError(
        `workers need ${DRAINED_AFTER_SECONDS} s to drain, but Fargate kills them after ${STOP_TIMEOUT.toSeconds()} s`,
      );
    this.name = nameOf(this, props.context);
    this.cluster = new Cluster(this, "Cluster", {
      vpc: network.vpc,
      containerInsightsV2: size.alarms ? ContainerInsights.ENABLED : ContainerInsights.DISABLED,
    });
    const task = this.#task(props);
    this.#acknowledge(task, size);
    this.#grant(task, props);
    this.service = new FargateService(this, "Service", {
      // CDK's class allows undefined for optional members, its interface does not.
      cluster: this.cluster as ICluster,
      taskDefinition: task,
      desiredCount: size.tasks,
      securityGroups: [network.workers],
      vpcSubnets: { subnetType: network.subnetType },
      assignPublicIp: size.natGateways === 0,
      circuitBreaker: { rollback: true },
      // Without shared state, two workers at once would each use the whole budget.
      ...(sharedState === undefined
        ? { minHealthyPercent: 0, maxHealthyPercent: 100 }
        : { minHealthyPercent: 100, maxHealthyPercent: 200 }),
    });
  }

  #task(props: WorkerServiceProps): FargateTaskDefinition {
    const { size } = props;
    const task = new FargateTaskDefinition(this, "Task", {
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: "tmp" }],
    });
    const container = task.addContainer("worker", {
      image: imageOf(this, props.imageUri),
      command: ["worker"],
      environment: this.#environment(props),
      logging: LogDriver.awsLogs({ logGroup: props.logs, streamPrefix: "worker" }),
      user: NODE_USER,
      readonlyRootFilesystem: true,
      stopTimeout: STOP_TIMEOUT,
      healthCheck: {
        command: ["CMD", NODE, "-e", IS_LIVE],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(60),
        retries: 3,
      },
    });
    container.addMountPoints({ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false });
    return task;
  }

  #environment(props: WorkerServiceProps): Record<string, string> {
    const { queues, size } = props;
    return {
      ...apiEnvironment(this, props),
      OTEL_SERVICE_NAME: this.name,
      METRICS_EMF: "true",
      ORACLE_CONCURRENCY: String(props.oracleConcurrency),
      QUEUE_URL: queues.events.queueUrl,
      DEAD_LETTER_QUEUE_URL: queues.deadLetters.queueUrl,
      HTTP_PORT: String(PORT),
      NODE_OPTIONS: `--enable-source-maps --max-old-space-size=${size.memoryMiB * HEAP_SHARE}`,
    };
  }

  #acknowledge(task: FargateTaskDefinition, size: SizeProps): void {
    Validations.of(task).acknowledge({
      id: "AwsSolutions::AwsSolutions-ECS2",
      reason:
        "No variable holds a secret: they hold ARNs, and the worker reads the secrets itself.",
    });
    if (task.executionRole !== undefined) {
      Validations.of(task.executionRole).acknowledge({
        id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
        reason: "ecr:GetAuthorizationToken supports no resource.",
      });
    }
    if (!size.alarms) {
      Validations.of(this.cluster).acknowledge({
        id: "AwsSolutions::AwsSolutions-ECS4",
        reason: "A size without alarms does not need the cost of Container Insights.",
      });
    }
  }

  #grant({ taskRole }: FargateTaskDefinition, props: WorkerServiceProps): void {
    const { queues, secrets, sharedState } = props;
    taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
        ],
        resources: [queues.events.queueArn],
      }),
    );
    taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"],
        resources: [queues.deadLetters.queueArn],
      }),
    );
    for (const secret of [secrets.genesys, secrets.oracle, ...secrets.others, sharedState?.url]) {
      secret?.grantRead(taskRole);
    }
  }
}

/** By default the name of the stack, so that two stacks in one account are two services. */
function nameOf(scope: Construct, { environment }: Context): string {
  return environment.OTEL_SERVICE_NAME ?? Stack.of(scope).stackName;
}

const ECR =
  /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([\w./-]+?)(?::([\w.-]+)|@(sha256:\w+))$/;

/** The execution role pulls an image from ECR, and may read this repository only. */
function imageOf(scope: Construct, uri: string): ContainerImage {
  const [, account, region, name, tag, digest] = ECR.exec(uri) ?? [];
  if (account === undefined || name === undefined) return ContainerImage.fromRegistry(uri);
  const repository = Repository.fromRepositoryAttributes(scope, "Repository", {
    repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    repositoryName: name,
  });
  return ContainerImage.fromEcrRepository(repository, tag ?? digest ?? "latest");
}
