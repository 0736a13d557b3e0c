import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import { HISTORY_ATTRIBUTE, REASON_ATTRIBUTE } from "./dead-letter.ts";
import { type ReceivedMessage, toReceived } from "./received.ts";
import { LONG_POLL_SECONDS } from "./sqs.ts";

export interface IntakeOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** For how long a received message stays invisible unless it is extended, in s. */
  readonly visibilitySeconds: number;
  /** How many more messages can be taken in. */
  readonly free: () => number;
  /** Takes one message in. It returns at once and never throws: the work is done elsewhere. */
  readonly admit: (message: ReceivedMessage) => void;
  /** A receive failed; it is tried again after a pause. */
  readonly failed: (error: Error) => void;
  /** A receive is about to be made. */
  readonly polled: () => void;
  /** A receive was answered, with messages or without. */
  readonly answered: () => void;
  readonly now: () => number;
}

/** The polling of the queue. */
export interface Intake {
  start(): void;
  /** Polls again if it had paused for want of room. */
  roomFreed(): void;
  /**
   * Ends polling. Resolves when the last receive has ended; what it still brought was admitted. A
   * long poll is waited for, not cut off: cut off, it could strand messages until they are visible
   * again.
   */
  stop(): Promise<void>;
}

const CONSUMERS = 2;
const BATCH = 10;
const PAUSE_AFTER_ERROR_MS = 1_000;

/**
 * Admit and acknowledge: sqs-consumer only polls. Its handler admits each message and returns
 * nothing, so that no message waits for another of its batch; deletes, delays and extensions are
 * made by {@link file://./acknowledge.ts}.
 */
export function createIntake(options: IntakeOptions): Intake {
  let stopping = new AbortController();
  let started = false;
  let failedLast = false;
  let waiting = Promise.withResolvers<void>();

  /** Every poll under way may bring a full batch, so there is room for all of them or for none. */
  async function room(): Promise<void> {
    if (failedLast) await delay(PAUSE_AFTER_ERROR_MS, undefined, { signal: stopping.signal });
    failedLast = false;
    while (!stopping.signal.aborted && options.free() < CONSUMERS * BATCH) await waiting.promise;
    stopping.signal.throwIfAborted();
    options.polled();
  }

  function consumer(): Consumer {
    const polling = Consumer.create({
      sqs: options.sqs,
      queueUrl: options.queueUrl,
      batchSize: BATCH,
      waitTimeSeconds: LONG_POLL_SECONDS,
      visibilityTimeout: options.visibilitySeconds,
      shouldDeleteMessages: false,
      messageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      messageAttributeNames: [REASON_ATTRIBUTE, HISTORY_ATTRIBUTE],
      pollingCompleteWaitTimeMs: (LONG_POLL_SECONDS + 15) * 1000,
      preReceiveMessageCallback: room,
      handleMessageBatch: (messages) => {
        for (const message of messages) options.admit(toReceived(message, options.now()));
        return Promise.resolve(undefined);
      },
    });
    polling.on("response_processed", options.answered);
    polling.on("empty", options.answered);
    polling.on("error", (error) => {
      if (stopping.signal.aborted) return;
      failedLast = true;
      options.failed(error);
    });
    return polling;
  }

  const consumers = Array.from({ length: CONSUMERS }, consumer);

  return {
    start() {
      started = true;
      stopping = new AbortController();
      for (const polling of consumers) polling.start();
    },
    roomFreed() {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    async stop() {
      if (!started) return;
      const stopped = consumers.map((polling) => once(polling, "stopped"));
      stopping.abort();
      waiting.resolve();
      for (const polling of consumers) polling.stop();
      await Promise.all(stopped);
    },
  };
}
