import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { CfnRule, EventBus } from "aws-cdk-lib/aws-events";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { rulesFor } from "../src/event/rules.ts";
import type { Context } from "./context.ts";

/** The net under crashes only: the worker counts its attempts itself. */
const MAX_RECEIVE_COUNT = 100;
/** The worker extends what it holds; this is for consumers that do not ask for a time of their own. */
const VISIBILITY = Duration.seconds(30);
const RETENTION = Duration.days(4);
const LONGEST_RETENTION = Duration.days(14);

/** From the partner event source to the queue: event bus, rules, queue and dead-letter queues. */
export class EventIngestStack extends Stack {
  constructor(scope: Construct, id: string, context: Context, props?: StackProps) {
    super(scope, id, props);
    const { eventSourceName, attributePrefix } = context;
    const bus = new EventBus(this, "Bus", eventSourceName === undefined ? {} : { eventSourceName });
    const deadLetters = this.#queue("DeadLetters", LONGEST_RETENTION);
    const undelivered = this.#queue("Undelivered", LONGEST_RETENTION);
    const queue = new Queue(this, "Events", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: RETENTION,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    const sources: string[] = [];
    for (const { name, description, pattern } of rulesFor({ attributePrefix })) {
      // CfnRule takes the pattern as it stands; the type of the construct above it knows fewer forms.
      const rule = new CfnRule(this, name, {
        description,
        eventBusName: bus.eventBusName,
        eventPattern: pattern,
        targets: [
          { id: "queue", arn: queue.queueArn, deadLetterConfig: { arn: undelivered.queueArn } },
        ],
      });
      sources.push(rule.attrArn);
    }
    const rules = new ServicePrincipal("events.amazonaws.com", {
      conditions: { ArnEquals: { "aws:SourceArn": sources } },
    });
    queue.grantSendMessages(rules);
    undelivered.grantSendMessages(rules);
    new CfnOutput(this, "QueueUrl", { value: queue.queueUrl });
    new CfnOutput(this, "DeadLetterQueueUrl", { value: deadLetters.queueUrl });
  }

  #queue(id: string, retentionPeriod: Duration): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod,
    });
  }
}
