import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import DataLoader from "dataloader";
import type { ReceivedMessage } from "./received.ts";
import { failureOfCode, queueFailure } from "./sqs.ts";

/** A message that is held, by what SQS needs to know it. */
export type HeldMessage = Pick<ReceivedMessage, "receiptHandle">;

/** How a message that is held is let go of. Calls of one moment share one request. */
export interface Settle {
  /** Its work is done. @throws {Failure} the message will come again. */
  done(message: HeldMessage): Promise<void>;
  /** It comes again after `delayMs` (0: at once). @throws {Failure} */
  later(message: HeldMessage, delayMs: number): Promise<void>;
}

const BATCH = 10;
/** How long a delete waits for company; a second receive of ten costs more than this delay. */
const GATHER_MS = 15;
/** SQS keeps a message invisible for 12 h at most, counted from its receive. */
const LONGEST_DELAY_S = 11 * 3600;

/** Deletes and delays the messages of one queue, in batches. */
export function createSettle(sqs: SQSClient, queueUrl: string): Settle {
  const deletes = batched<HeldMessage>(async (messages) => {
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

  const delays = batched<{ message: HeldMessage; seconds: number }>(async (entries) => {
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
  };
}
