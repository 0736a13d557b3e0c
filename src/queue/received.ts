import type { Message } from "@aws-sdk/client-sqs";
import { type EpochMs, epochMs } from "../domain/time.ts";
import { type ReplayHistory, readHistory } from "./dead-letter.ts";

/** A message that this worker holds: it stays invisible to others until it is settled. */
export interface ReceivedMessage {
  /** SQS' own id: the same at every delivery of this message. */
  readonly messageId: string;
  /** Of the latest delivery: only this one deletes the message. */
  receiptHandle: string;
  readonly body: string;
  /** When the message was sent to the queue. */
  readonly sentAt: EpochMs;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  /** Its replays, if it was a dead letter before. */
  readonly history?: ReplayHistory | undefined;
}

/** [pure] The parts of an SQS message that the worker reads. @param now stands for a missing time */
export function toReceived(message: Message, now: EpochMs): ReceivedMessage {
  const sentAt = epochMs(Number(message.Attributes?.SentTimestamp) || now);
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    sentAt,
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount) || 1,
    history: readHistory(message.MessageAttributes, sentAt),
  };
}
