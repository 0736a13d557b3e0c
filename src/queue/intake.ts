import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import type { EpochMs } from "../domain/time.ts";
import { HISTORY_ATTRIBUTE, REASON_ATTRIBUTE } from "./dead-letter.ts";
import { type ReceivedMessage, toReceived } from "./received.ts";
import { LONG_POLL_SECONDS } from "./sqs.ts";

/** The queue that is polled. */
export interface IntakeOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** How long a received message stays invisible unless that is extended, in s. */
  readonly visibilitySeconds: number;
  /** The clock of the queue. */
  readonly eventNow: () => EpochMs;
}

/** What the intake calls. */
export interface IntakeHooks {
  /** How many more messages can be held. */
  readonly free: () => number;
  /** Takes one message. It returns at once and never throws. */
  readonly admit: (message: ReceivedMessage) => void;
  /** A receive is about to be made. */
  readonly polling: () => void;
  /** A receive was answered, with messages or without. */
  readonly answered: () => void;
  /** A receive failed; it is repeated after a pause. */
  readonly failed: (error: Error) => void;
}

/** The polling of the queue. */
export interface Intake {
  start(): void;
  /** Polls again if it had paused because too many messages were held. */
  resume(): void;
  /**
   * Ends polling. Resolves when the last receive has ended; what it brought was admitted. A long poll
   * is waited for: aborted, it could leave messages invisible until their timeout.
   */
  stop(): Promise<void>;
}

const CONSUMERS = 2;
const BATCH = 10;
const PAUSE_AFTER_ERROR_MS = 1_000;

/**
 * Admit and acknowledge: sqs-consumer only polls. Its handler admits each message and returns
 * nothing, so no message waits for another of its batch. Messages are deleted, hidden and extended
 * elsewhere (`queue-actions.ts`, `visibility.ts`).
 */
export function createIntake(options: IntakeOptions, hooks: IntakeHooks): Intake {
  let stopping = new AbortController();
  let started = false;
  let failedLast = false;
  let paused = Promise.withResolvers<void>();

  /** Each consumer may receive a full batch, so there is room for all of them or for none. */
  async function room(): Promise<void> {
    if (failedLast) await delay(PAUSE_AFTER_ERROR_MS, undefined, { signal: stopping.signal });
    failedLast = false;
    while (!stopping.signal.aborted && hooks.free() < CONSUMERS * BATCH) await paused.promise;
    stopping.signal.throwIfAborted();
    hooks.polling();
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
        for (const message of messages) hooks.admit(toReceived(message, options.eventNow()));
        return Promise.resolve(undefined);
      },
    });
    polling.on("response_processed", hooks.answered);
    polling.on("empty", hooks.answered);
    polling.on("error", (error) => {
      if (stopping.signal.aborted) return;
      failedLast = true;
      hooks.failed(error);
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
    resume() {
      paused.resolve();
      paused = Promise.withResolvers();
    },
    async stop() {
      if (!started) return;
      const stopped = consumers.map((polling) => once(polling, "stopped"));
      stopping.abort();
      paused.resolve();
      for (const polling of consumers) polling.stop();
      await Promise.all(stopped);
    },
  };
}
