import { CfnArchive, CfnRule, EventBus } from "aws-cdk-lib/aws-events";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { rulesFor } from "../src/domain/event/rules.ts";
import type { Queues } from "./queues.ts";

export interface EventIngestProps {
  /** The partner event source of Genesys Cloud. The new bus gets its name and is associated with it. */
  readonly eventSourceName?: string | undefined;
  /** An existing bus, to use instead. */
  readonly eventBusName?: string | undefined;
  readonly attributePrefix: string;
  readonly referenceAttribute?: string | undefined;
  readonly archiveDays: number;
  readonly queues: Queues;
}

/** Longer than any outage of SQS, so that no event is lost to one. */
const RETRY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** From the partner event source to the queue: event bus, rules, archive. */
export class EventIngest extends Construct {
  constructor(scope: Construct, id: string, props: EventIngestProps) {
    super(scope, id);
    const { eventSourceName, eventBusName, attributePrefix, referenceAttribute } = props;
    const { events, undelivered } = props.queues;
    const bus =
      eventBusName === undefined
        ? new EventBus(this, "Bus", eventSourceName === undefined ? {} : { eventSourceName })
        : EventBus.fromEventBusName(this, "Bus", eventBusName);
    const rules = rulesFor({ attributePrefix, referenceAttribute });
    const sources = rules.map(({ name, description, pattern }) => {
      // CfnRule accepts every form of pattern; the Rule construct supports fewer.
      const rule = new CfnRule(this, name, {
        description,
        eventBusName: bus.eventBusName,
        eventPattern: pattern,
        targets: [
          {
            id: "queue",
            arn: events.queueArn,
            retryPolicy: RETRY,
            deadLetterConfig: { arn: undelivered.queueArn },
          },
        ],
      });
      return rule.attrArn;
    });
    const fromRules = new ServicePrincipal("events.amazonaws.com", {
      conditions: { ArnEquals: { "aws:SourceArn": sources } },
    });
    events.grantSendMessages(fromRules);
    undelivered.grantSendMessages(fromRules);
    new CfnArchive(this, "Archive", {
      sourceArn: bus.eventBusArn,
      description: "Ringahead: events that matched its rules, for a replay after an incident",
      retentionDays: props.archiveDays,
      eventPattern: { "detail-type": rules.flatMap(({ pattern }) => pattern["detail-type"]) },
    });
  }
}
