import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { HISTORY_ATTRIBUTE } from "../../queue/dead-letter.ts";
import { createMessageSettler, type HeldMessage } from "../../queue/message-settler.ts";
import { queueFailure } from "../../queue/sqs.ts";
import { type DeadLetter, REQUESTED_ATTRIBUTES, readDeadLetter } from "./read-dead-letter.ts";

export interface DeadLetterQueueDeps {
  readonly sqs: SQSClient;
  /** The worker's queue. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** How long a received message is hidden from other consumers, in s. */
  readonly holdSeconds: number;
  readonly now: () => number;
}

/** SQS's own counts: approximate, and up to a minute old. */
export interface DeadLetterCounts {
  readonly visible: number;
  /** Received by a consumer, and neither deleted nor released yet. */
  readonly held: number;
  readonly delayed: number;
}

/** Reads the dead-letter queue and requeues its messages. @throws {Failure} every method, naming the IAM action. */
export interface DeadLetterQueue {
  /** Up to ten messages; none only if none came within `waitSeconds`. */
  receive(waitSeconds: number): Promise<readonly DeadLetter[]>;
  /** Sends the body to the worker's queue. `history` is JSON. */
  requeue(body: string, history: string): Promise<void>;
  delete(message: HeldMessage): Promise<void>;
  /** Makes a message visible to other consumers again. */
  release(message: HeldMessage): Promise<void>;
  counts(): Promise<DeadLetterCounts>;
}

const BATCH = 10;

/** On SQS. */
export function createDeadLetterQueue(deps: DeadLetterQueueDeps): DeadLetterQueue {
  const { sqs, queueUrl, deadLetterQueueUrl, now } = deps;
  const named = `DEAD_LETTER_QUEUE_URL ${deadLetterQueueUrl}`;
  const settle = createMessageSettler(sqs, deadLetterQueueUrl);
  return {
    async receive(waitSeconds) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            ...REQUESTED_ATTRIBUTES,
            QueueUrl: deadLetterQueueUrl,
            MaxNumberOfMessages: BATCH,
            WaitTimeSeconds: waitSeconds,
            VisibilityTimeout: deps.holdSeconds,
          }),
        );
        return Messages.map((message) => readDeadLetter(message, now()));
      } catch (error) {
        throw queueFailure(error, named, "sqs:ReceiveMessage");
      }
    },
    async requeue(body, history) {
      try {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: body,
            MessageAttributes: {
              [HISTORY_ATTRIBUTE]: { DataType: "String", StringValue: history },
            },
          }),
        );
      } catch (error) {
        throw queueFailure(error, `QUEUE_URL ${queueUrl}`, "sqs:SendMessage");
      }
    },
    delete: (message) => settle.delete(message),
    release: (message) => settle.hide(message, 0),
    async counts() {
      try {
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl: deadLetterQueueUrl,
            AttributeNames: [
              "ApproximateNumberOfMessages",
              "ApproximateNumberOfMessagesNotVisible",
              "ApproximateNumberOfMessagesDelayed",
            ],
          }),
        );
        return {
          visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
          held: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
          delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
        };
      } catch (error) {
        throw queueFailure(error, named, "sqs:GetQueueAttributes");
      }
    },
  };
}
