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
  /** The folder that `npm run bundle` writes. */
  readonly code: string;
  readonly context: Context;
  /** The most instances at once. Each of them sends one request to Oracle at a time. */
  readonly concurrency: number;
  /** The org in Genesys Cloud whose data actions may invoke the function; undefined for none. */
  readonly orgId: string | undefined;
  readonly network: Network;
  readonly secrets: Secrets;
  readonly sharedState: SharedState | undefined;
  readonly logs: LogGroup;
}

/** AWS' own metrics of lookups (AWS Lambda Developer Guide, "Metrics"; API Gateway, "HTTP API metrics"). */
export interface LookupMetrics {
  readonly invocations: Metric;
  /** Invocations that ended without an answer: a time-out or a defect. */
  readonly errors: Metric;
  /** Invocations that found no free instance. */
  readonly throttles: Metric;
  /** 5xx answers over HTTP, errors and throttles included. */
  readonly serverErrors: Metric;
  readonly duration: Metric;
}

/**
 * The AWS account of Genesys Cloud, for the commercial regions and the FedRAMP region (Genesys Cloud
 * Resource Center, "Create IAM resources to invoke an AWS Lambda function").
 */
const GENESYS_ACCOUNT = "765628985471";
/** A data action waits up to 60 s, a web call in Architect up to 3 s (docs/reference/lookup.md). */
const LONGEST = Duration.seconds(10);
const PATH = "/api/customer/lookup";

/** Histories on demand: one function, which flows call over an HTTP API and data actions invoke. */
export class Lookup extends Construct {
  readonly metrics: LookupMetrics;

  constructor(scope: Construct, id: string, props: LookupProps) {
    super(scope, id);
    const { concurrency, orgId } = props;
    const lambda = this.#function(props);
    const api = this.#api(lambda, concurrency, props.logs);
    this.metrics = {
      invocations: lambda.metricInvocations(),
      errors: lambda.metricErrors(),
      throttles: lambda.metricThrottles(),
      serverErrors: api.metricServerError(),
      duration: lambda.metricDuration(),
    };
    if (orgId !== undefined) this.#allowOrg(lambda, orgId);
  }

  #function(props: LookupProps): LambdaFunction {
    const { network, secrets, sharedState } = props;
    // Lambda sets the region itself and refuses a value for it.
    const { AWS_REGION: _, ...environment } = apiEnvironment(this, props);
    const lambda = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.code),
      handler: "index.handler",
      memorySize: 512,
      timeout: LONGEST,
      environment: {
        ...environment,
        // One request at a time: the number of instances is the limit.
        ORACLE_CONCURRENCY: "1",
        ...(secrets.lookup && { LOOKUP_SECRET: secrets.lookup.secretArn }),
      },
      reservedConcurrentExecutions: props.concurrency,
      logGroup: props.logs,
      role: this.#role(props),
      // Only the shared state needs the VPC. Outside of it a function starts faster.
      ...(sharedState === undefined
        ? {}
        : {
            vpc: network.vpc,
            vpcSubnets: { subnetType: network.subnetType },
            securityGroups: [network.workers],
          }),
    });
    for (const secret of [secrets.genesys, secrets.oracle, secrets.lookup, ...secrets.others]) {
      secret?.grantRead(lambda);
    }
    sharedState?.url.grantRead(lambda);
    return lambda;
  }

  /** The grants of AWS' managed policies for functions, but for this log group only. */
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
      reason: "Lambda creates its network interfaces itself, so no policy can name them.",
    });
    return role;
  }

  /** The function itself compares the bearer secret, with the current and the previous one. */
  #api(lambda: LambdaFunction, concurrency: number, logs: LogGroup): HttpApi {
    const api = new HttpApi(this, "Api", {
      description: "Ringahead: customer lookup",
      createDefaultStage: true,
      defaultAuthorizer: new HttpNoneAuthorizer(),
    });
    api.addRoutes({
      path: PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Http", lambda),
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

  /** Lets Genesys Cloud assume a role for this org. The role may only invoke this function. */
  #allowOrg(lambda: LambdaFunction, orgId: string): void {
    const role = new Role(this, "GenesysRole", {
      description: "Ringahead: Genesys Cloud's data action invokes the lookup",
      assumedBy: new AccountPrincipal(GENESYS_ACCOUNT).withConditions({
        StringEquals: { "sts:ExternalId": orgId },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        resources: [lambda.functionArn],
      }),
    );
    new CfnOutput(Stack.of(this), "LookupRoleArn", { value: role.roleArn });
    new CfnOutput(Stack.of(this), "LookupFunctionArn", { value: lambda.functionArn });
  }
}
