import { Duration, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { MAX_RECEIVE_COUNT, VISIBILITY_SECONDS } from "../src/queue/limits.ts";

const LONGEST_RETENTION = Duration.days(14);

export interface QueuesProps {
  readonly retentionDays: number;
}

/** The queues: events, dead letters of the workers, and events that EventBridge could not deliver. */
export class Queues extends Construct {
  readonly events: Queue;
  readonly deadLetters: Queue;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: QueuesProps) {
    super(scope, id);
    this.deadLetters = this.#queue("DeadLetters", LONGEST_RETENTION);
    this.undelivered = this.#queue("Undelivered", LONGEST_RETENTION);
    Validations.of(this.undelivered).acknowledge({
      id: "AwsSolutions::AwsSolutions-SQS3",
      reason: "It is the dead-letter queue of EventBridge's targets, which the check cannot see.",
    });
    this.events = new Queue(this, "Events", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      retentionPeriod: Duration.days(props.retentionDays),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }

  #queue(id: string, retentionPeriod: Duration): Queue {
    const encryption = QueueEncryption.SQS_MANAGED;
    return new Queue(this, id, { encryption, enforceSSL: true, retentionPeriod });
  }
}
