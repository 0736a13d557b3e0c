import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { readContext } from "../../../infra/context.ts";
import { RingaheadStack } from "../../../infra/ringahead-stack.ts";
import { sizes } from "../../../infra/sizes.ts";
import { rulesFor } from "../../../src/domain/event/rules.ts";
import { contentSecurityPolicy, originsAt } from "../../../src/panel/policy.ts";

const SOURCE = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00/acme";
const GATEWAY = '{"ORACLE_BASE_URL":"https://crm.example.com"}';
const worker = {
  eventSourceName: SOURCE,
  imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ringahead:1.0.0",
  genesysClientId: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
  environment: '{"ORACLE_DIALECT":"b2c","ORACLE_BASE_URL":"https://acme.custhelp.com"}',
  alarmEmail: "ops@example.com",
};

function synth(values: Readonly<Record<string, string>>): Template {
  const context = readContext((name) => values[name]);
  return Template.fromStack(new RingaheadStack(new App(), "Test", context));
}

const templates = {
  ingest: synth({ eventSourceName: SOURCE }),
  dev: synth({ ...worker, size: "dev" }),
  prod: synth({ ...worker, size: "prod", monthlyBudgetUsd: "300" }),
  secondary: synth({ ...worker, size: "secondary" }),
  full: synth({
    ...{ ...worker, size: "prod", environment: GATEWAY, panel: "true" },
    // Any folder: test/integration/lookup tests the bundle itself.
    ...{ lookupCode: "src/app/lambda", lookupConcurrency: "2" },
  }),
};
const { prod, dev, secondary, full } = templates;

function resources(template: Template, type: string) {
  return Object.values(template.findResources(type));
}

describe.each(Object.entries(templates))("%s", (_, template) => {
  it("has the same rules as the sandbox, each with retries and a queue for undelivered events", () => {
    const rules = resources(template, "AWS::Events::Rule");
    expect(rules.map(({ Properties }) => Properties.EventPattern)).toEqual(
      rulesFor({ attributePrefix: "oracle_" }).map(({ pattern }) => pattern),
    );
    for (const { Properties } of rules) {
      expect(Properties.Targets).toEqual([
        expect.objectContaining({
          DeadLetterConfig: expect.anything(),
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ]);
    }
  });

  it("redrives messages to a dead-letter queue, and encrypts all queues, with TLS only", () => {
    template.resourceCountIs("AWS::SQS::Queue", 3);
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 30,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 100 }),
    });
    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
    for (const { Properties } of resources(template, "AWS::SQS::QueuePolicy")) {
      expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"');
    }
  });

  it("has no custom resources", () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
    expect(types.filter(({ Type }) => !Type.startsWith("AWS::"))).toEqual([]);
    const functions = types.filter(({ Type }) => Type === "AWS::Lambda::Function");
    expect(functions).toHaveLength(template === templates.full ? 1 : 0);
  });
});

it("takes collected references to the queue, and names their attribute to the workers", () => {
  const template = synth({ ...worker, size: "dev", referenceAttribute: "customer_reference" });
  template.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: Match.objectLike({
      detail: {
        eventBody: {
          attributes: {
            customer_reference: [{ exists: true }],
            oracle_status: [{ exists: false }],
          },
        },
      },
    }),
  });
  const containers = JSON.stringify(resources(template, "AWS::ECS::TaskDefinition"));
  expect(containers).toContain('{"Name":"REFERENCE_ATTRIBUTE","Value":"customer_reference"}');
});

describe("the event bus", () => {
  it("has the name of its partner event source", () => {
    prod.hasResourceProperties("AWS::Events::EventBus", { Name: SOURCE, EventSourceName: SOURCE });
  });
  it("may exist already", () => {
    const existing = synth({ eventBusName: "shared-bus" });
    existing.resourceCountIs("AWS::Events::EventBus", 0);
    existing.allResourcesProperties("AWS::Events::Rule", { EventBusName: "shared-bus" });
  });
  it("archives the events that match the rules, for some days", () => {
    prod.hasResourceProperties("AWS::Events::Archive", { RetentionDays: 3 });
    dev.hasResourceProperties("AWS::Events::Archive", { RetentionDays: 1 });
  });
});

describe("the worker", () => {
  const container = { ContainerDefinitions: [Match.objectLike({ User: "65532:65532" })] };

  it.each(["dev", "prod", "secondary"] as const)(
    "%s: runs without root on a read-only file system, with time to drain",
    (size) => {
      templates[size].hasResourceProperties("AWS::ECS::TaskDefinition", {
        ...container,
        Cpu: String(sizes[size].cpu),
        Memory: String(sizes[size].memoryMiB),
        RuntimePlatform: { CpuArchitecture: "ARM64", OperatingSystemFamily: "LINUX" },
        ContainerDefinitions: [
          Match.objectLike({
            Command: ["worker"],
            ReadonlyRootFilesystem: true,
            StopTimeout: 120,
            MountPoints: [{ ContainerPath: "/tmp", ReadOnly: false, SourceVolume: "tmp" }],
            HealthCheck: Match.objectLike({
              Command: Match.arrayWith(["CMD", "/nodejs/bin/node"]),
            }),
          }),
        ],
      });
      templates[size].hasResourceProperties("AWS::ECS::Service", {
        DesiredCount: sizes[size].tasks,
        DeploymentConfiguration: Match.objectLike({
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        }),
      });
    },
  );

  it("never runs twice at once in dev, and always runs in prod", () => {
    const deployment = (template: Template) =>
      resources(template, "AWS::ECS::Service")[0]?.Properties.DeploymentConfiguration;
    expect(deployment(dev)).toMatchObject({ MinimumHealthyPercent: 0, MaximumPercent: 100 });
    expect(deployment(prod)).toMatchObject({ MinimumHealthyPercent: 100, MaximumPercent: 200 });
  });

  it("has a heap that fits into its task", () => {
    for (const [template, mb] of [
      [dev, 256],
      [prod, 512],
    ] as const) {
      const [task] = resources(template, "AWS::ECS::TaskDefinition");
      expect(task?.Properties.ContainerDefinitions[0].Environment).toContainEqual({
        Name: "NODE_OPTIONS",
        Value: `--enable-source-maps --max-old-space-size=${mb}`,
      });
    }
  });

  it("gets the ARNs of secrets, never their values", () => {
    const [task] = resources(prod, "AWS::ECS::TaskDefinition");
    const { Environment, Secrets } = task?.Properties.ContainerDefinitions[0] ?? {};
    expect(Secrets).toBeUndefined();
    for (const name of ["GENESYS_CLIENT_SECRET", "ORACLE_CLIENT_SECRET", "REDIS_URL"]) {
      expect(Environment).toContainEqual({ Name: name, Value: { Ref: expect.any(String) } });
    }
    expect(Environment).toContainEqual({ Name: "ORACLE_DIALECT", Value: "b2c" });
  });

  it("may read further secrets, and gets the secret for Oracle in the chosen variable", () => {
    const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:proxy-AbCdEf";
    const environment = JSON.stringify({
      ORACLE_BASE_URL: "https://acme.custhelp.com",
      ORACLE_PROXY_URL: `${arn}:url::`,
    });
    const template = synth({ ...worker, environment, oracleSecret: "ORACLE_PRIVATE_KEY" });
    const [task] = resources(template, "AWS::ECS::TaskDefinition");
    const names = task?.Properties.ContainerDefinitions[0].Environment.map(
      ({ Name }: { Name: string }) => Name,
    );
    expect(names).toContain("ORACLE_PRIVATE_KEY");
    expect(names).not.toContain("ORACLE_CLIENT_SECRET");
    template.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            Resource: arn,
          }),
        ]),
      },
    });
  });

  it("scales in prod only, as far as Oracle's limit allows", () => {
    full.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", {
      MinCapacity: 2,
      MaxCapacity: 3,
    });
    // The four concurrent requests of B2C Service are enough for two workers.
    for (const template of [prod, dev, secondary]) {
      template.resourceCountIs("AWS::ApplicationAutoScaling::ScalableTarget", 0);
    }
  });
});

describe("roles", () => {
  /** The statements of all policies. */
  const statements = resources(prod, "AWS::IAM::Policy").flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  it("have no wildcard in their actions", () => {
    for (const { Action } of statements) {
      expect([Action].flat().filter((action: string) => action.includes("*"))).toEqual([]);
    }
  });
  it("name their resources, except the token for ECR, which has none", () => {
    const everywhere = statements.filter(({ Resource }) => Resource === "*");
    expect(everywhere.map(({ Action }) => Action)).toEqual(["ecr:GetAuthorizationToken"]);
  });
  it("allow the worker only the SQS actions that it uses", () => {
    const sqs = statements.flatMap(({ Action }) =>
      [Action].flat().filter((action: string) => action.startsWith("sqs:")),
    );
    expect(sqs.toSorted()).toEqual([
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
  });
});

describe("shared state", () => {
  it("is Valkey with its own user, in prod only", () => {
    prod.hasResourceProperties("AWS::ElastiCache::ServerlessCache", {
      Engine: "valkey",
      UserGroupId: Match.anyValue(),
      SecurityGroupIds: Match.anyValue(),
    });
    prod.hasResourceProperties("AWS::ElastiCache::User", {
      Engine: "valkey",
      AuthenticationMode: Match.objectLike({ Type: "password" }),
    });
    dev.resourceCountIs("AWS::ElastiCache::ServerlessCache", 0);
  });
  it("keeps its password out of the template", () => {
    const [user] = resources(prod, "AWS::ElastiCache::User");
    expect(JSON.stringify(user?.Properties.AuthenticationMode)).toContain(
      "{{resolve:secretsmanager:",
    );
    const urls = resources(prod, "AWS::SecretsManager::Secret").map(({ Properties }) =>
      JSON.stringify(Properties.SecretString ?? ""),
    );
    expect(urls.filter((url) => url.includes("rediss://ringahead:"))).toHaveLength(1);
  });
});

describe("cost", () => {
  it("is limited: logs expire, and a budget warns", () => {
    for (const { Properties } of resources(prod, "AWS::Logs::LogGroup")) {
      expect(Properties.RetentionInDays).toBe(30);
    }
    prod.hasResourceProperties("AWS::Budgets::Budget", {
      Budget: Match.objectLike({ BudgetLimit: { Amount: 300, Unit: "USD" } }),
    });
  });
});

describe("lookups on demand", () => {
  const [lambda] = resources(full, "AWS::Lambda::Function");

  it("get their share of Oracle's concurrent requests", () => {
    expect(lambda?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 2,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
    });
    expect(lambda?.Properties.Environment.Variables).toMatchObject({ ORACLE_CONCURRENCY: "1" });
    const [task] = resources(full, "AWS::ECS::TaskDefinition");
    expect(task?.Properties.ContainerDefinitions[0].Environment).toContainEqual({
      Name: "ORACLE_CONCURRENCY",
      Value: "4",
    });
  });

  it("get the ARNs of secrets, and no region, which Lambda sets", () => {
    const { Variables } = lambda?.Properties.Environment ?? {};
    for (const name of ["LOOKUP_SECRET", "GENESYS_CLIENT_SECRET", "REDIS_URL"]) {
      expect(Variables[name]).toEqual({ Ref: expect.any(String) });
    }
    expect(Variables).not.toHaveProperty("AWS_REGION");
  });

  it("allow Genesys Cloud's account to invoke only this function, for this org only", () => {
    full.hasResourceProperties("AWS::IAM::Role", {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: "sts:AssumeRole",
            Effect: "Allow",
            Principal: { AWS: Match.objectLike({ "Fn::Join": Match.anyValue() }) },
            Condition: {
              StringEquals: { "sts:ExternalId": "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00" },
            },
          },
        ],
        Version: "2012-10-17",
      },
    });
    full.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: [
          {
            Action: "lambda:InvokeFunction",
            Effect: "Allow",
            Resource: { "Fn::GetAtt": Match.arrayWith(["Arn"]) },
          },
        ],
        Version: "2012-10-17",
      },
    });
  });

  it("have one route, throttled and logged", () => {
    full.resourceCountIs("AWS::ApiGatewayV2::Route", 1);
    full.hasResourceProperties("AWS::ApiGatewayV2::Route", {
      RouteKey: "POST /api/customer/lookup",
    });
    full.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingBurstLimit: 20, ThrottlingRateLimit: 50 },
      AccessLogSettings: Match.anyValue(),
    });
  });

  it("raise an alarm if they fail or are refused, from AWS' own metrics", () => {
    const ofLookups = (template: Template) =>
      resources(template, "AWS::CloudWatch::Alarm").filter(({ Properties }) =>
        /"Lookups\w+"/.test(Properties.AlarmDescription),
      );
    const [fail, refused, ...others] = ofLookups(full);
    expect(others).toEqual([]);
    const stats: { MetricStat?: { Metric: { Namespace: string; MetricName: string } } }[] =
      fail?.Properties.Metrics;
    expect(
      stats.flatMap(({ MetricStat }) =>
        MetricStat === undefined
          ? []
          : `${MetricStat.Metric.Namespace} ${MetricStat.Metric.MetricName}`,
      ),
    ).toEqual(["AWS/Lambda Errors", "AWS/ApiGateway 5xx"]);
    const [functionName] = Object.keys(full.findResources("AWS::Lambda::Function")).filter((id) =>
      id.startsWith("Lookup"),
    );
    expect(refused?.Properties).toMatchObject({
      Namespace: "AWS/Lambda",
      MetricName: "Throttles",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: functionName } }],
    });
    expect(ofLookups(prod)).toEqual([]);
  });

  it("are not deployed without their code", () => {
    prod.resourceCountIs("AWS::ApiGatewayV2::Api", 0);
    prod.resourceCountIs("AWS::CloudFront::Distribution", 0);
  });
});

describe("the panel", () => {
  it("is served over HTTPS only, with its own policy, from a private bucket", () => {
    const policy = contentSecurityPolicy(originsAt("mypurecloud.com"));
    full.hasResourceProperties("AWS::CloudFront::ResponseHeadersPolicy", {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: policy, Override: true },
        },
      },
    });
    full.hasResourceProperties("AWS::CloudFront::Distribution", {
      DistributionConfig: {
        DefaultRootObject: "index.html",
        DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https" },
      },
    });
    full.hasResourceProperties("AWS::S3::Bucket", {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });
});
