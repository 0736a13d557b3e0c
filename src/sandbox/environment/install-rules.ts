import {
  CreateEventBusCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { rulesFor } from "../../domain/event/rules.ts";

/** Makes the event bus and the deployed system's own rules on it, with the queue as their target. */
export function installRules(
  bridge: EventBridgeClient,
  bus: string,
  queueArn: string,
  lettersArn: string,
): Promise<void> {
  const rules = rulesFor({ attributePrefix: "oracle_" });
  return installPatterns(bridge, bus, queueArn, rules, lettersArn);
}

/** Where goes what cannot be delivered. */
const letters = (Arn: string) => ({ DeadLetterConfig: { Arn } });

/** The same with rules as a template has them. */
export async function installPatterns(
  bridge: EventBridgeClient,
  bus: string,
  queueArn: string,
  rules: readonly { readonly name: string; readonly pattern: unknown }[],
  lettersArn?: string,
): Promise<void> {
  await bridge.send(new CreateEventBusCommand({ Name: bus, EventSourceName: bus }));
  for (const { name, pattern } of rules) {
    const EventPattern = JSON.stringify(pattern);
    await bridge.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern }));
    await bridge.send(
      new PutTargetsCommand({
        Rule: name,
        EventBusName: bus,
        Targets: [{ Id: "queue", Arn: queueArn, ...(lettersArn && letters(lettersArn)) }],
      }),
    );
  }
}
