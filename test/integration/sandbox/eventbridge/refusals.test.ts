import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  InvalidEventPatternException,
  LimitExceededException,
  ListArchivesCommand,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { QUEUE, start } from "../../../support/eventbridge.ts";

type Attempt = (client: EventBridgeClient) => Promise<unknown>;

describe("a refusal", () => {
  const Rule = "orders";

  it.each<[string, Attempt]>([
    ["an unknown bus", (client) => client.send(new ListRulesCommand({ EventBusName: "nowhere" }))],
    ["an unknown rule", (client) => client.send(new DescribeRuleCommand({ Name: "nothing" }))],
    [
      "targets of an unknown rule",
      (client) =>
        client.send(new PutTargetsCommand({ Rule: "nothing", Targets: [{ Id: "1", Arn: QUEUE }] })),
    ],
  ])("of %s reaches the SDK with its own error class", async (_what, attempt) => {
    const { client } = await start();
    await expect(attempt(client)).rejects.toThrow(ResourceNotFoundException);
  });

  it("of an event pattern gives the reason", async () => {
    const { client } = await start();
    for (const EventPattern of ["{", "[]", '{"source":[{"regex":"x"}]}']) {
      const command = new PutRuleCommand({ Name: Rule, EventPattern });
      const error = await client.send(command).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidEventPatternException);
      expect(String(error)).toContain("Event pattern is not valid. Reason: ");
    }
    await expect(
      client.send(new PutRuleCommand({ Name: Rule, EventPattern: '{"source":[{"regex":"x"}]}' })),
    ).rejects.toThrow("Unrecognized match type regex");
  });

  it("of more targets than a rule may have", async () => {
    const { client, addRule } = await start();
    await addRule(Rule, { source: ["acme"] });
    const Targets = Array.from({ length: 5 }, (_, index) => ({ Id: `${index}`, Arn: QUEUE }));
    await expect(client.send(new PutTargetsCommand({ Rule, Targets }))).rejects.toThrow(
      LimitExceededException,
    );
  });

  it("of deleting a rule that has targets", async () => {
    const { client, addRule } = await start();
    await addRule(Rule, { source: ["acme"] });
    await expect(client.send(new DeleteRuleCommand({ Name: Rule }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Rule can't be deleted since it has targets.",
    });
    await client.send(new DeleteRuleCommand({ Name: "never-made" }));
  });

  it.each<[string, Attempt]>([
    [
      "ScheduleExpression",
      (client) =>
        client.send(new PutRuleCommand({ Name: Rule, ScheduleExpression: "rate(1 day)" })),
    ],
    [
      "InputPath",
      (client) =>
        client.send(
          new PutTargetsCommand({
            Rule,
            Targets: [{ Id: "1", Arn: QUEUE, InputPath: "$.detail" }],
          }),
        ),
    ],
    [
      "Only queues",
      (client) => {
        const Arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        return client.send(new PutTargetsCommand({ Rule, Targets: [{ Id: "1", Arn }] }));
      },
    ],
    ["slash", (client) => client.send(new CreateEventBusCommand({ Name: "a/b" }))],
    ["Name", (client) => client.send(new PutRuleCommand({ Name: "a rule", EventPattern: "{}" }))],
  ])("names what is not simulated or not valid: %s", async (named, attempt) => {
    const { client } = await start();
    const error = await attempt(client).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(named),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("of an unknown operation names it", async () => {
    const { client } = await start();
    await expect(client.send(new ListArchivesCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("AWSEvents.ListArchives"),
    });
  });

  it.each([
    ["invalid JSON", "application/x-amz-json-1.1", "{"],
    ["another content type", "application/json", "{}"],
  ])("of a request with %s is a serialization error", async (_what, type, body) => {
    const { eventBridge } = await start();
    const headers = { "content-type": type, "x-amz-target": "AWSEvents.ListRules" };
    const answer = await fetch(eventBridge.url, { method: "POST", headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: "SerializationException" });
  });
});
