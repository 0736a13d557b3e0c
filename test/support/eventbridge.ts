import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { onTestFinished } from "vitest";
import type { Deliver } from "../../src/sandbox/simulators/eventbridge/delivery.ts";
import { startEventBridge } from "../../src/sandbox/simulators/eventbridge/server.ts";

/** The ARN of the queue that `addRule` sets as target. */
export const QUEUE = "arn:aws:sqs:us-east-1:000000000000:events";

/**
 * Starts an EventBridge with ids 1, 2, 3 and a fixed clock, and an SDK client. Both are closed after the
 * test. `sent` has the arguments of each call of `deliver`.
 */
export async function start(deliver: Deliver = () => Promise.resolve()) {
  const sent: Parameters<Deliver>[] = [];
  let ids = 0;
  const eventBridge = await startEventBridge({
    deliver(...message) {
      sent.push(message);
      return deliver(...message);
    },
    now: () => Date.parse("2026-01-02T03:04:05.678Z"),
    newId: () => String(++ids),
  });
  const client = new EventBridgeClient({
    region: "us-east-1",
    endpoint: eventBridge.url,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await eventBridge.close();
  });

  async function addRule(name: string, pattern: unknown, bus?: string): Promise<void> {
    const EventPattern = JSON.stringify(pattern);
    await client.send(new PutRuleCommand({ Name: name, EventPattern, EventBusName: bus }));
    const Targets = [{ Id: "queue", Arn: QUEUE }];
    await client.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }));
  }
  const put = (...Entries: PutEventsRequestEntry[]) =>
    client.send(new PutEventsCommand({ Entries }));
  return { eventBridge, client, sent, addRule, put };
}
