import {
  CreateEventBusCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { rulesFor } from "../../domain/event/rules.ts";

/** The participant attribute in which the flows of the sandbox collect references. */
export const REFERENCE_ATTRIBUTE = "customer_reference";

/** Creates the event bus and the rules of the deployed system, with the queue as their target. */
export function installRules(
  bridge: EventBridgeClient,
  bus: string,
  queueArn: string,
  deadLettersArn: string,
): Promise<void> {
  const rules = rulesFor({ attributePrefix: "oracle_", referenceAttribute: REFERENCE_ATTRIBUTE });
  return installPatterns(bridge, bus, queueArn, rules, deadLettersArn);
}

/** The same with other rules. @param deadLettersArn the queue for events that are not delivered */
export async function installPatterns(
  bridge: EventBridgeClient,
  bus: string,
  queueArn: string,
  rules: readonly { readonly name: string; readonly pattern: unknown }[],
  deadLettersArn?: string,
): Promise<void> {
  await bridge.send(new CreateEventBusCommand({ Name: bus, EventSourceName: bus }));
  const deadLetters = deadLettersArn && { DeadLetterConfig: { Arn: deadLettersArn } };
  for (const { name, pattern } of rules) {
    const EventPattern = JSON.stringify(pattern);
    await bridge.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern }));
    await bridge.send(
      new PutTargetsCommand({
        Rule: name,
        EventBusName: bus,
        Targets: [{ Id: "queue", Arn: queueArn, ...deadLetters }],
      }),
    );
  }
}
