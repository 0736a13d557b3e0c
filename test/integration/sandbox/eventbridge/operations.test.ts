import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  InvalidEventPatternException,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { rulesFor } from "../../../../src/domain/event/rules.ts";
import { QUEUE, start } from "../../../support/eventbridge.ts";
import { sampleBody } from "../../../support/events.ts";

const DEAD_LETTERS = "arn:aws:sqs:us-east-1:000000000000:dead-letters";
const PARTNER = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00/ringahead-dev";
const ORDER: PutEventsRequestEntry = { Source: "acme", DetailType: "order", Detail: '{"n":1}' };

describe("PutEvents", () => {
  it("delivers the envelope of a matching event once per rule and target", async () => {
    const { put, sent, addRule } = await start();
    await addRule("orders", { source: ["acme"] });
    await addRule("first-orders", { detail: { n: [1] } });
    await addRule("others", { source: ["other"] });
    expect(await put({ ...ORDER, Resources: ["arn:x"] })).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: "1" }],
    });
    expect(sent.map(([arn, body]) => [arn, JSON.parse(body)])).toEqual(
      Array.from({ length: 2 }, () => [
        QUEUE,
        {
          version: "0",
          id: "1",
          "detail-type": "order",
          source: "acme",
          account: "000000000000",
          time: "2026-01-02T03:04:05Z",
          region: "us-east-1",
          resources: ["arn:x"],
          detail: { n: 1 },
        },
      ]),
    );
  });

  it("keeps the time of the entry, in whole seconds", async () => {
    const { put, sent, addRule } = await start();
    await addRule("all", { source: ["acme"] });
    await put({ ...ORDER, Time: new Date("2026-05-06T07:08:09.999Z") });
    expect(JSON.parse(sent[0]?.[1] ?? "").time).toBe("2026-05-06T07:08:09Z");
  });

  it("keeps and compares numbers that no double can hold", async () => {
    const { client, put, sent } = await start();
    const EventPattern = '{"detail":{"n":[9007199254740993]}}';
    await client.send(new PutRuleCommand({ Name: "exact", EventPattern }));
    const Targets = [{ Id: "queue", Arn: QUEUE }];
    await client.send(new PutTargetsCommand({ Rule: "exact", Targets }));
    await put(
      { ...ORDER, Detail: '{"n":9007199254740993}' },
      { ...ORDER, Detail: '{"n":9007199254740992}' },
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[1]).toContain('"detail":{"n":9007199254740993}');
  });

  it("delivers nothing for a disabled or deleted rule", async () => {
    const { client, put, sent, addRule } = await start();
    await addRule("orders", { source: ["acme"] });
    await client.send(
      new PutRuleCommand({
        Name: "orders",
        EventPattern: '{"source":["acme"]}',
        State: "DISABLED",
      }),
    );
    await put(ORDER);
    await client.send(new RemoveTargetsCommand({ Rule: "orders", Ids: ["queue"] }));
    await client.send(new DeleteRuleCommand({ Name: "orders" }));
    await put(ORDER);
    expect(sent).toEqual([]);
  });

  it("fails invalid entries and accepts the others", async () => {
    const { put, sent, addRule } = await start();
    await addRule("orders", { "detail-type": ["order"] });
    const answer = await put(
      { DetailType: "order", Detail: "{}" },
      { ...ORDER, DetailType: undefined },
      { ...ORDER, Detail: undefined },
      { ...ORDER, Detail: "{" },
      { ...ORDER, Detail: "[1]" },
      { ...ORDER, Source: "aws.ec2" },
      { ...ORDER, EventBusName: "nowhere" },
      ORDER,
    );
    expect(answer.FailedEntryCount).toBe(7);
    expect(answer.Entries?.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId)).toEqual([
      "InvalidArgument",
      "InvalidArgument",
      "InvalidArgument",
      "MalformedDetail",
      "MalformedDetail",
      "NotAuthorizedForSourceException",
      "ResourceNotFoundException",
      "string",
    ]);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["no entries", []],
    ["eleven entries", Array.from({ length: 11 }, () => ORDER)],
    ["an entry that is too large", [{ ...ORDER, Detail: JSON.stringify("é".repeat(131_072)) }]],
    [
      "entries that are too large together",
      Array.from({ length: 2 }, () => ({ ...ORDER, Resources: ["x".repeat(131_060)] })),
    ],
  ])("refuses %s", async (_what, entries) => {
    const { put } = await start();
    await expect(put(...entries)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("accepts the largest allowed entry", async () => {
    const { put, sent, addRule } = await start();
    await addRule("all", { source: ["acme"] });
    const Detail = JSON.stringify({ x: "x".repeat(256 * 1_024 - "acmeorder".length - 9) });
    expect((await put({ ...ORDER, Detail })).FailedEntryCount).toBe(0);
    expect(sent).toHaveLength(1);
    await expect(put({ ...ORDER, Detail: `${Detail} ` })).rejects.toThrow("over the limit");
  });

  it("sends an undelivered event to the dead-letter queue of the target, with the reason", async () => {
    const { client, eventBridge, put, sent } = await start((arn) =>
      arn === DEAD_LETTERS ? Promise.resolve() : Promise.reject(new Error("no such queue")),
    );
    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: "orders", EventPattern: '{"source":["acme"]}' }),
    );
    const DeadLetterConfig = { Arn: DEAD_LETTERS };
    const Targets = [
      { Id: "kept", Arn: QUEUE, DeadLetterConfig },
      { Id: "lost", Arn: `${QUEUE}-2` },
    ];
    await client.send(new PutTargetsCommand({ Rule: "orders", Targets }));
    expect((await put(ORDER)).FailedEntryCount).toBe(0);
    expect(sent).toContainEqual([
      DEAD_LETTERS,
      sent[0]?.[1],
      {
        ERROR_CODE: "SDK_CLIENT_ERROR",
        ERROR_MESSAGE: "no such queue",
        RULE_ARN: RuleArn,
        TARGET_ARN: QUEUE,
      },
    ]);
    const failure = { ruleArn: RuleArn, message: "no such queue" };
    expect(eventBridge.failures).toHaveLength(2);
    expect(eventBridge.failures).toEqual(
      expect.arrayContaining([
        { ...failure, targetArn: QUEUE, deadLettered: true },
        { ...failure, targetArn: `${QUEUE}-2`, deadLettered: false },
      ]),
    );
  });
});

describe("rules and targets", () => {
  it("are listed and described", async () => {
    const { client, addRule } = await start();
    await addRule("b-rule", { source: ["b"] });
    await addRule("a-rule", { source: ["a"] });
    const Arn = "arn:aws:events:us-east-1:000000000000:rule/a-rule";
    expect(await client.send(new DescribeRuleCommand({ Name: "a-rule" }))).toMatchObject({
      Name: "a-rule",
      Arn,
      EventPattern: '{"source":["a"]}',
      State: "ENABLED",
      EventBusName: "default",
    });
    const { Rules } = await client.send(new ListRulesCommand({ NamePrefix: "a-" }));
    expect(Rules).toMatchObject([{ Name: "a-rule", Arn }]);
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "a-rule" }));
    expect(Targets).toEqual([{ Id: "queue", Arn: QUEUE }]);
  });

  it("are listed in pages", async () => {
    const { client, addRule } = await start();
    for (const name of ["one", "two", "three"]) await addRule(name, { source: ["x"] });
    const first = await client.send(new ListRulesCommand({ Limit: 2 }));
    const NextToken = first.NextToken ?? "";
    const rest = await client.send(new ListRulesCommand({ Limit: 2, NextToken }));
    expect(first.Rules).toHaveLength(2);
    expect(rest.Rules).toMatchObject([{ Name: "three" }]);
    expect(rest.NextToken).toBeUndefined();
  });

  it("stay unchanged if the new pattern is refused", async () => {
    const { client, put, sent, addRule } = await start();
    await addRule("orders", { source: ["acme"] });
    const wrong = new PutRuleCommand({ Name: "orders", EventPattern: '{"source":"acme"}' });
    await expect(client.send(wrong)).rejects.toThrow(InvalidEventPatternException);
    await put(ORDER);
    expect(sent).toHaveLength(1);
  });

  it("keep the targets when the rule is replaced", async () => {
    const { put, client, sent, addRule } = await start();
    await addRule("orders", { source: ["other"] });
    await client.send(new PutRuleCommand({ Name: "orders", EventPattern: '{"source":["acme"]}' }));
    await put(ORDER);
    expect(sent).toHaveLength(1);
  });

  it("report unknown targets that should be removed", async () => {
    const { client, addRule } = await start();
    await addRule("orders", { source: ["acme"] });
    const answer = await client.send(
      new RemoveTargetsCommand({ Rule: "orders", Ids: ["queue", "other"] }),
    );
    expect(answer).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: "other" }] });
  });

  it("accept the rules of the deployed system", async () => {
    const { eventBridge, client, put, sent, addRule } = await start();
    eventBridge.addEventSource(PARTNER);
    await client.send(new CreateEventBusCommand({ Name: PARTNER, EventSourceName: PARTNER }));
    for (const { name, pattern } of rulesFor({ attributePrefix: "oracle_" })) {
      await addRule(name, pattern, PARTNER);
    }
    const { detail, ...envelope } = JSON.parse(sampleBody("customer-start-voice"));
    await put({
      EventBusName: PARTNER,
      Source: envelope.source,
      DetailType: envelope["detail-type"],
      Time: new Date(envelope.time),
      Detail: JSON.stringify(detail),
    });
    const changed = { id: "1", account: "000000000000" };
    expect(sent.map(([, body]) => JSON.parse(body))).toEqual([{ ...envelope, ...changed, detail }]);
  });
});

describe("event buses", () => {
  it("exist by default, or are created with the name of a partner event source", async () => {
    const { eventBridge, client } = await start();
    eventBridge.addEventSource(PARTNER);
    const created = await client.send(
      new CreateEventBusCommand({ Name: PARTNER, EventSourceName: PARTNER }),
    );
    expect(created.EventBusArn).toBe(`arn:aws:events:us-east-1:000000000000:event-bus/${PARTNER}`);
    const { EventBuses } = await client.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map(({ Name }) => Name)).toEqual(["default", PARTNER]);
    const byArn = new DescribeEventBusCommand({ Name: created.EventBusArn });
    expect(await client.send(byArn)).toMatchObject({ Name: PARTNER });
    const again = new CreateEventBusCommand({ Name: PARTNER, EventSourceName: PARTNER });
    await expect(client.send(again)).rejects.toThrow(ResourceAlreadyExistsException);
  });

  it("do not share events", async () => {
    const { client, put, sent, addRule } = await start();
    await client.send(new CreateEventBusCommand({ Name: "other" }));
    await addRule("orders", { source: ["acme"] }, "other");
    await put(ORDER);
    expect(sent).toEqual([]);
    await put({ ...ORDER, EventBusName: "other" });
    expect(sent).toHaveLength(1);
  });
});
