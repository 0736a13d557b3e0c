import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { readContext } from "../../infra/context.ts";
import { EventIngestStack } from "../../infra/event-ingest-stack.ts";
import { rulesFor } from "../../src/event/rules.ts";

const SOURCE = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00/acme";
const template = Template.fromStack(
  new EventIngestStack(new App(), "Test", { eventSourceName: SOURCE, attributePrefix: "oracle_" }),
);

describe("the stack", () => {
  it("has the sandbox's rules, letter for letter, each with a queue for what it cannot deliver", () => {
    const rules = Object.values(template.findResources("AWS::Events::Rule"));
    const patterns = rules.map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toEqual(
      rulesFor({ attributePrefix: "oracle_" }).map(({ pattern }) => pattern),
    );
    for (const { Properties } of rules) {
      expect(Properties.Targets).toEqual([
        expect.objectContaining({ DeadLetterConfig: expect.anything() }),
      ]);
    }
  });

  it("names the event bus as its partner event source", () => {
    template.hasResourceProperties("AWS::Events::EventBus", {
      Name: SOURCE,
      EventSourceName: SOURCE,
    });
  });

  it("redrives crashes to a dead-letter queue; all queues are encrypted", () => {
    template.resourceCountIs("AWS::SQS::Queue", 3);
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 30,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 100 }),
    });
    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
  });

  it("is plain CloudFormation", () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
    expect(types.filter(({ Type }) => !Type.startsWith("AWS::"))).toEqual([]);
  });
});

describe("context", () => {
  it("that is wrong is named, all of it at once", () => {
    const given: Record<string, string> = { eventSourceName: "genesys", attributePrefix: "1" };
    expect(() => readContext((name) => given[name])).toThrow(
      /-c eventSourceName=… must be aws.partner[\s\S]*-c attributePrefix=…/,
    );
  });
});
