import {
  CreateEventBusCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { rulesFor } from "../event/rules.ts";

/** Makes the event bus and the deployed system's own rules on it, with the queue as their target. */
export async function installRules(
  bridge: EventBridgeClient,
  bus: string,
  queueArn: string,
): Promise<void> {
  await bridge.send(new CreateEventBusCommand({ Name: bus, EventSourceName: bus }));
  for (const { name, description, pattern } of rulesFor({ attributePrefix: "oracle_" })) {
    await bridge.send(
      new PutRuleCommand({
        Name: name,
        Description: description,
        EventBusName: bus,
        EventPattern: JSON.stringify(pattern),
      }),
    );
    await bridge.send(
      new PutTargetsCommand({
        Rule: name,
        EventBusName: bus,
        Targets: [{ Id: "queue", Arn: queueArn }],
      }),
    );
  }
}
