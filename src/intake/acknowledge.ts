import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import DataLoader from "dataloader";
import { fitLetter, type LetterReason } from "./letter.ts";
import type { Received } from "./received.ts";
import { failureOfCode, queueFailure } from "./sqs.ts";

export interface AcknowledgeOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly largestLetterBytes: number;
}

/** What can be done with a message that is held. Calls of one moment share one request. */
export interface Acknowledge {
  /** Its work is done. @throws {Failure} the message will come again. */
  done(message: Received): Promise<void>;
  /** It comes again after `delayMs` (0: at once). @throws {Failure} */
  later(message: Received, delayMs: number): Promise<void>;
  /**
   * Into the dead-letter queue with the reason, then out of this one: killed in between, the letter
   * is there twice, never lost. @throws {Failure} the message will come again.
   */
  deadLetter(message: Received, reason: LetterReason): Promise<void>;
}

const BATCH = 10;
/** How long a delete waits for company; a second receive of ten costs more than this delay. */
const GATHER_MS = 15;
/** SQS keeps a message invisible for 12 h at most, counted from its receive. */
const LONGEST_DELAY_S = 11 * 3600;

/** Deletes, delays and dead-letters messages, in batches. */
export function createAcknowledge(options: AcknowledgeOptions): Acknowledge {
  const { sqs, queueUrl } = options;

  const deletes = batched<Received>(async (messages) => {
    const answer = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map((message, index) => ({
          Id: String(index),
          ReceiptHandle: message.receiptHandle,
        })),
      }),
    );
    return answer.Failed ?? [];
  }, "sqs:DeleteMessage");

  const delays = batched<{ message: Received; seconds: number }>(async (entries) => {
    const answer = await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ message, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: message.receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
    return answer.Failed ?? [];
  }, "sqs:ChangeMessageVisibility");

  /** Entries of one request that failed are named by SQS; the others of it have succeeded. */
  function batched<T extends object>(
    send: (
      items: readonly T[],
    ) => Promise<readonly { Id?: string | undefined; Code?: string | undefined }[]>,
    action: string,
  ): DataLoader<T, undefined> {
    return new DataLoader<T, undefined>(
      async (items) => {
        try {
          const failed = new Map((await send(items)).map(({ Id, Code }) => [Id, Code]));
          return items.map((_, index) =>
            failed.has(String(index))
              ? failureOfCode(failed.get(String(index)) ?? "no code", queueUrl, action)
              : undefined,
          );
        } catch (error) {
          const failure = queueFailure(error, queueUrl, action);
          return items.map(() => failure);
        }
      },
      {
        cache: false,
        maxBatchSize: BATCH,
        batchScheduleFn: (dispatch) => setTimeout(dispatch, GATHER_MS),
      },
    );
  }

  return {
    async done(message) {
      await deletes.load(message);
    },
    async later(message, delayMs) {
      const seconds = Math.min(Math.ceil(delayMs / 1000), LONGEST_DELAY_S);
      await delays.load({ message, seconds });
    },
    async deadLetter(message, reason) {
      const letter = fitLetter(message.body, reason, options.largestLetterBytes);
      try {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: options.deadLetterQueueUrl,
            MessageBody: letter.body,
            MessageAttributes: {
              [LETTER_ATTRIBUTE]: { DataType: "String", StringValue: letter.reason },
            },
          }),
        );
      } catch (error) {
        throw queueFailure(error, options.deadLetterQueueUrl, "sqs:SendMessage");
      }
      await deletes.load(message);
    },
  };
}

/** The message attribute of a dead letter that holds its reason as JSON (`docs/dead-letters.md`). */
export const LETTER_ATTRIBUTE = "failure";
