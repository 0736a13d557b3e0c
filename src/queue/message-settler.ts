import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import DataLoader from "dataloader";
import type { ReceivedMessage } from "./received.ts";
import { failureOfCode, queueFailure } from "./sqs.ts";

/** A received message, by what SQS needs to know it. */
export type HeldMessage = Pick<ReceivedMessage, "receiptHandle">;

/** Deletes a received message or changes its visibility. Calls within 15 ms share a batch. */
export interface MessageSettler {
  /** @throws {Failure} the message will be received again */
  delete(message: HeldMessage): Promise<void>;
  /** Hides the message for `ms` from now (0: it is visible at once). @throws {Failure} */
  hide(message: HeldMessage, ms: number): Promise<void>;
}

const BATCH = 10;
/** How long a call waits for others to share its batch: a request of its own would cost more time. */
const GATHER_MS = 15;
/** SQS keeps a message invisible for 12 h at most, counted from its receive. */
const LONGEST_DELAY_S = 11 * 3600;

/** Settles the messages of one queue, in batches. */
export function createMessageSettler(sqs: SQSClient, queueUrl: string): MessageSettler {
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

  const changes = batched<{ message: HeldMessage; seconds: number }>(async (entries) => {
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

  /** SQS names the entries of a batch that failed; the others have succeeded. */
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
    async delete(message) {
      await deletes.load(message);
    },
    async hide(message, ms) {
      const seconds = Math.min(Math.ceil(ms / 1000), LONGEST_DELAY_S);
      await changes.load({ message, seconds });
    },
  };
}
