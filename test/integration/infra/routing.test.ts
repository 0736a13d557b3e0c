import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { readContext } from "../../../infra/context.ts";
import { RingaheadStack } from "../../../infra/ringahead-stack.ts";
import { installPatterns } from "../../../src/sandbox/environment/install-rules.ts";
import { startEventBridge } from "../../../src/sandbox/simulators/eventbridge/server.ts";
import { LOCAL_CREDENTIALS } from "../../../src/sandbox/simulators/sqs/server.ts";
import { startQueues } from "../../support/environment.ts";
import { sampleBody, sampleNames } from "../../support/events.ts";

const SOURCE = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00/ringahead-dev";
/** The samples that match no rule. */
const UNMATCHED = ["acd-start-voice"];

it("the synthesised rules, on an event bus, deliver the sample events to the queue", async () => {
  const context = readContext((name) => ({ eventSourceName: SOURCE })[name]);
  const template = Template.fromStack(new RingaheadStack(new App(), "Test", context));
  const rules = Object.entries(template.findResources("AWS::Events::Rule")).map(
    ([name, { Properties }]) => ({ name, pattern: Properties.EventPattern }),
  );
  const sqs = await startQueues();
  const eventBridge = await startEventBridge({
    deliver: sqs.deliver,
    now: Date.now,
    newId: () => crypto.randomUUID(),
  });
  const bridge = new EventBridgeClient({
    region: "us-east-1",
    endpoint: eventBridge.url,
    credentials: LOCAL_CREDENTIALS,
  });
  try {
    eventBridge.addEventSource(SOURCE);
    await installPatterns(bridge, SOURCE, sqs.queue.arn, rules);
    const sent = [
      ...sampleNames.map((name) => ({ name, body: sampleBody(name) })),
      // Media without a customer match no rule, so they cost no message.
      { name: "unwanted", body: sampleBody("customer-start-voice", { mediaType: "SCREENSHARE" }) },
    ];
    for (const { body } of sent) {
      const { detail, "detail-type": DetailType } = JSON.parse(body);
      await bridge.send(
        new PutEventsCommand({
          Entries: [
            { EventBusName: SOURCE, Source: SOURCE, DetailType, Detail: JSON.stringify(detail) },
          ],
        }),
      );
    }
    const received: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.client.send(
        new ReceiveMessageCommand({ QueueUrl: sqs.queue.url, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      received.push(...Messages.map(({ Body = "" }) => JSON.parse(Body).detail.topicName));
    }
    const wanted = sent
      .filter(({ name }) => !UNMATCHED.includes(name) && name !== "unwanted")
      .map(({ body }) => JSON.parse(body).detail.topicName);
    expect(received.toSorted()).toEqual(wanted.toSorted());
  } finally {
    bridge.destroy();
    await eventBridge.close();
  }
});
