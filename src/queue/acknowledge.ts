import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetterReason, encodeDeadLetter, REASON_ATTRIBUTE } from "./dead-letter.ts";
import type { ReceivedMessage } from "./received.ts";
import { createSettle, type Settle } from "./settle.ts";
import { queueFailure } from "./sqs.ts";

export interface AcknowledgeOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly largestLetterBytes: number;
}

/** What can be done with a message that is held. */
export interface Acknowledge extends Settle {
  /**
   * Into the dead-letter queue with the reason, then out of this one: killed in between, the letter
   * is there twice, never lost. @throws {Failure} the message will come again.
   */
  deadLetter(message: ReceivedMessage, reason: DeadLetterReason): Promise<void>;
}

/** Deletes, delays and dead-letters the messages of the worker's queue. */
export function createAcknowledge(options: AcknowledgeOptions): Acknowledge {
  const { sqs, queueUrl } = options;
  const settle = createSettle(sqs, queueUrl);
  return {
    ...settle,
    async deadLetter(message, reason) {
      const letter = encodeDeadLetter(message.body, reason, options.largestLetterBytes);
      try {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: options.deadLetterQueueUrl,
            MessageBody: letter.body,
            MessageAttributes: {
              [REASON_ATTRIBUTE]: { DataType: "String", StringValue: letter.reason },
            },
          }),
        );
      } catch (error) {
        throw queueFailure(error, options.deadLetterQueueUrl, "sqs:SendMessage");
      }
      await settle.done(message);
    },
  };
}
