import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { z } from "zod";
import { readContext } from "../../../infra/context.ts";
import { RingaheadStack } from "../../../infra/ringahead-stack.ts";
import { WorkerMetrics } from "../../../infra/worker-metrics.ts";
import { enriched } from "../../support/log.ts";
import { reportSome, startMetrics } from "../../support/metrics.ts";

/** The workers' service in these tests, and so the stack's name. */
const SERVICE = "test";
const values: Readonly<Record<string, string>> = {
  size: "prod",
  imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ringahead:1.0.0",
  genesysClientId: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
  environment: '{"ORACLE_BASE_URL":"https://crm.example"}',
};
const template = Template.fromStack(
  new RingaheadStack(
    new App(),
    SERVICE,
    readContext((name) => values[name]),
  ),
);

/** A metric as `name` and its dimensions, sorted. */
const named = (name: string, dimensions: Readonly<Record<string, string>>) =>
  [name, ...Object.entries(dimensions).map((pair) => pair.join("="))].toSorted().join(" ");

const alarmMetric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});

/** The metrics of the alarms in the template. */
function ofAlarms(): string[] {
  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
  return alarms
    .flatMap(({ Properties: { Metrics = [], ...own } }) => [
      own,
      ...Metrics.map(({ MetricStat }: { MetricStat?: { Metric: unknown } }) => MetricStat?.Metric),
    ])
    .flatMap((metric) => {
      const read = alarmMetric.safeParse(metric);
      if (!read.success || read.data.Namespace !== "Ringahead") return [];
      const { MetricName, Dimensions } = read.data;
      return named(
        MetricName,
        Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      );
    });
}

/** The metrics of the dashboard. Its body is JSON with references in between. */
function ofDashboard(): string[] {
  const [board] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const parts: unknown[] = board?.Properties.DashboardBody["Fn::Join"][1];
  const text = parts.map((part) => (typeof part === "string" ? part : "reference")).join("");
  return [...text.matchAll(/\["Ringahead",([^\]{]*)/g)].map(([, inner = ""]) => {
    const [name = "", ...pairs] = JSON.parse(`[${inner.replace(/,$/, "")}]`);
    return named(name, Object.fromEntries(pairs.flatMap(pairUp)));
  });
}

const pairUp = (name: string, at: number, all: readonly string[]) =>
  at % 2 === 0 ? [[name, all[at + 1] ?? ""]] : [];

it("alarms and dashboard use the names and dimensions that the workers write", async () => {
  const { listen, emf } = startMetrics();
  reportSome(listen);
  listen("enrichment.written", { ...enriched, status: "unavailable" });
  const written = (await emf()).flatMap(({ _aws, ...document }) => {
    const { Dimensions, Metrics } = _aws.CloudWatchMetrics[0] ?? { Dimensions: [], Metrics: [] };
    const dimensions = Object.fromEntries(
      Dimensions.flat().map((name) => [name, String(document[name])]),
    );
    return Metrics.map(({ Name }) => named(Name, dimensions));
  });
  const [alarms, dashboard] = [ofAlarms(), ofDashboard()];
  expect(alarms.length).toBeGreaterThanOrEqual(6);
  expect(dashboard.length).toBeGreaterThanOrEqual(10);
  expect([...alarms, ...dashboard].filter((one) => !written.includes(one))).toEqual([]);
});

it("the workers' environment makes them write metrics under the stack's name", () => {
  const [task] = Object.values(template.findResources("AWS::ECS::TaskDefinition"));
  const { Environment } = task?.Properties.ContainerDefinitions[0] ?? {};
  expect(Environment).toContainEqual({ Name: "METRICS_EMF", Value: "true" });
  expect(Environment).toContainEqual({ Name: "OTEL_SERVICE_NAME", Value: SERVICE });
});

it("no metric filter counts log lines", () => {
  template.resourceCountIs("AWS::Logs::MetricFilter", 0);
});

it("rejects a metric that workers do not write to CloudWatch", () => {
  expect(() => new WorkerMetrics(SERVICE).get("redis_lost", "Sum")).toThrow(/no redis_lost/);
});
