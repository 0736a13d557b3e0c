import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { HISTORY_ATTRIBUTE } from "../../queue/dead-letter.ts";
import { createMessageSettler, type HeldMessage } from "../../queue/message-settler.ts";
import { queueFailure } from "../../queue/sqs.ts";
import { ATTRIBUTES_ASKED, type DeadLetter, readDeadLetter } from "./read-dead-letter.ts";

export interface DeadLetterQueueDeps {
  readonly sqs: SQSClient;
  /** Where the worker takes its messages from. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** For how long a received letter is hidden from others, in s. */
  readonly holdSeconds: number;
  readonly now: () => number;
}

/** How many letters there are, as SQS counts them: roughly, and up to a minute late. */
export interface DeadLetterCounts {
  readonly visible: number;
  /** Received by somebody and not given back yet. */
  readonly held: number;
  readonly delayed: number;
}

/** The dead-letter queue, and the way back. @throws {Failure} every method, naming the IAM action. */
export interface DeadLetterQueue {
  /** Up to ten letters; none only where none came within `waitSeconds`. */
  receive(waitSeconds: number): Promise<readonly DeadLetter[]>;
  /** Puts the body back into the worker's queue. `history` is JSON. */
  putBack(body: string, history: string): Promise<void>;
  delete(letter: HeldMessage): Promise<void>;
  /** Makes a letter visible to others again. */
  release(letter: HeldMessage): Promise<void>;
  counts(): Promise<DeadLetterCounts>;
}

const BATCH = 10;

/** The real one, on SQS. */
export function createDeadLetterQueue(options: DeadLetterQueueDeps): DeadLetterQueue {
  const { sqs, queueUrl, deadLetterQueueUrl, now } = options;
  const named = `DEAD_LETTER_QUEUE_URL ${deadLetterQueueUrl}`;
  const settle = createMessageSettler(sqs, deadLetterQueueUrl);
  return {
    async receive(waitSeconds) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            ...ATTRIBUTES_ASKED,
            QueueUrl: deadLetterQueueUrl,
            MaxNumberOfMessages: BATCH,
            WaitTimeSeconds: waitSeconds,
            VisibilityTimeout: options.holdSeconds,
          }),
        );
        return Messages.map((message) => readDeadLetter(message, now()));
      } catch (error) {
        throw queueFailure(error, named, "sqs:ReceiveMessage");
      }
    },
    async putBack(body, history) {
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
    delete: (letter) => settle.delete(letter),
    release: (letter) => settle.hide(letter, 0),
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
