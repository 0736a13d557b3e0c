import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, encodeDeadLetter, REASON_ATTRIBUTE } from "./dead-letter.ts";
import { createMessageSettler, type MessageSettler } from "./message-settler.ts";
import type { ReceivedMessage } from "./received.ts";
import { queueFailure } from "./sqs.ts";

export interface QueueActionsOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly largestDeadLetterBytes: number;
}

/** What can be done with a received message. */
export interface QueueActions extends MessageSettler {
  /**
   * Sends the message to the dead-letter queue with the reason, then deletes it here. If the worker
   * is killed in between, the dead letter exists twice; it is never lost.
   * @throws {Failure} the message will be received again
   */
  deadLetter(message: ReceivedMessage, reason: DeadLetterReason): Promise<void>;
}

/** Deletes, hides and dead-letters the messages of the worker's queue. */
export function createQueueActions(options: QueueActionsOptions): QueueActions {
  const { sqs, queueUrl } = options;
  const settler = createMessageSettler(sqs, queueUrl);
  return {
    ...settler,
    async deadLetter(message, reason) {
      const encoded = encodeDeadLetter(message.body, reason, options.largestDeadLetterBytes);
      try {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: options.deadLetterQueueUrl,
            MessageBody: encoded.body,
            MessageAttributes: {
              [REASON_ATTRIBUTE]: { DataType: "String", StringValue: encoded.reason },
            },
          }),
        );
      } catch (error) {
        throw queueFailure(error, options.deadLetterQueueUrl, "sqs:SendMessage");
      }
      await settler.delete(message);
    },
  };
}
