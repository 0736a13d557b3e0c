import { CfnOutput, Duration, Stack, Validations } from "aws-cdk-lib";
import { CfnStage, HttpApi, HttpMethod, HttpNoneAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { AccountPrincipal, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { apiEnvironment } from "./api-environment.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";
import type { Secrets } from "./secrets.ts";
import type { SharedState } from "./shared-state.ts";

export interface LookupProps {
  /** The folder that `npm run bundle` makes of the functions. */
  readonly code: string;
  readonly context: Context;
  /** Instances at once: each of them asks Oracle one thing at a time. */
  readonly concurrency: number;
  /** Of Genesys Cloud; undefined where no data action may call. */
  readonly orgId: string | undefined;
  readonly network: Network;
  readonly secrets: Secrets;
  readonly sharedState: SharedState | undefined;
  readonly logs: LogGroup;
}

/** What AWS itself counts of lookups (AWS Lambda Developer Guide, "Metrics"; API Gateway, "HTTP API metrics"). */
export interface LookupMetrics {
  readonly asked: Metric;
  /** Ended without an answer: a time-out, a defect. */
  readonly broken: Metric;
  /** Found no instance free. */
  readonly refused: Metric;
  /** Answered with 5xx over HTTP, what is broken or refused among them. */
  readonly failed: Metric;
  readonly took: Metric;
}

/**
 * Genesys Cloud's own AWS account: the one of all its commercial regions, and that of its FedRAMP region
 * (Genesys Cloud Resource Center, "Create IAM resources to invoke an AWS Lambda function").
 */
const GENESYS_ACCOUNT = "765628985471";
/** A data action waits for 60 s at most, Architect's own web calls for 3 s (docs/reference/lookup.md). */
const LONGEST = Duration.seconds(10);
const PATH = "/api/customer/lookup";

/** The same history on demand: one function, for flows by an HTTP API, and for data actions. */
export class Lookup extends Construct {
  readonly metrics: LookupMetrics;

  constructor(scope: Construct, id: string, props: LookupProps) {
    super(scope, id);
    const { concurrency, orgId } = props;
    const answering = this.#function(props);
    const api = this.#api(answering, concurrency, props.logs);
    this.metrics = {
      asked: answering.metricInvocations(),
      broken: answering.metricErrors(),
      refused: answering.metricThrottles(),
      failed: api.metricServerError(),
      took: answering.metricDuration(),
    };
    if (orgId !== undefined) this.#letIn(answering, orgId);
  }

  #function(props: LookupProps): LambdaFunction {
    const { network, secrets, sharedState } = props;
    // Lambda sets the region by itself, and lets nobody else.
    const { AWS_REGION: _, ...environment } = apiEnvironment(this, props);
    const made = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.code),
      handler: "index.handler",
      memorySize: 512,
      timeout: LONGEST,
      environment: {
        ...environment,
        // One request at a time: the number of instances is the cap.
        ORACLE_CONCURRENCY: "1",
        ...(secrets.lookup && { LOOKUP_SECRET: secrets.lookup.secretArn }),
      },
      reservedConcurrentExecutions: props.concurrency,
      logGroup: props.logs,
      role: this.#role(props),
      // Only the shared state needs the network; without it a function starts sooner outside.
      ...(sharedState === undefined
        ? {}
        : {
            vpc: network.vpc,
            vpcSubnets: { subnetType: network.subnetType },
            securityGroups: [network.workers],
          }),
    });
    for (const secret of [secrets.genesys, secrets.oracle, secrets.lookup, ...secrets.others]) {
      secret?.grantRead(made);
    }
    sharedState?.url.grantRead(made);
    return made;
  }

  /** What AWS' own policies for functions grant, for this log group alone. */
  #role({ logs, sharedState }: LookupProps): Role {
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    logs.grantWrite(role);
    if (sharedState === undefined) return role;
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        resources: ["*"],
      }),
    );
    Validations.of(role).acknowledge({
      id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      reason: "Lambda makes its network interfaces itself: they have no name before.",
    });
    return role;
  }

  /** The bearer secret is compared by the function itself, which also knows the one before. */
  #api(answering: LambdaFunction, concurrency: number, logs: LogGroup): HttpApi {
    const api = new HttpApi(this, "Api", {
      description: "Ringahead: customer lookup",
      createDefaultStage: true,
      defaultAuthorizer: new HttpNoneAuthorizer(),
    });
    api.addRoutes({
      path: PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Http", answering),
    });
    const stage = api.defaultStage?.node.defaultChild;
    if (stage instanceof CfnStage) {
      stage.defaultRouteSettings = {
        throttlingBurstLimit: concurrency * 10,
        throttlingRateLimit: 50,
      };
      stage.accessLogSettings = {
        destinationArn: logs.logGroupArn,
        format:
          '{"api":"$context.routeKey","status":"$context.status","ms":"$context.responseLatency"}',
      };
    }
    Validations.of(api).acknowledge({
      id: "AwsSolutions::AwsSolutions-APIG4",
      reason: "Flows send a shared bearer secret, which the function compares in constant time.",
    });
    new CfnOutput(Stack.of(this), "LookupUrl", { value: `${api.apiEndpoint}${PATH}` });
    return api;
  }

  /** Genesys Cloud takes this role, names the org, and may then invoke this function alone. */
  #letIn(answering: LambdaFunction, orgId: string): void {
    const role = new Role(this, "GenesysRole", {
      description: "Ringahead: Genesys Cloud's data action invokes the lookup",
      assumedBy: new AccountPrincipal(GENESYS_ACCOUNT).withConditions({
        StringEquals: { "sts:ExternalId": orgId },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        resources: [answering.functionArn],
      }),
    );
    new CfnOutput(Stack.of(this), "LookupRoleArn", { value: role.roleArn });
    new CfnOutput(Stack.of(this), "LookupFunctionArn", { value: answering.functionArn });
  }
}
