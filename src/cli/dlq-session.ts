import type { SQSClient } from "@aws-sdk/client-sqs";
import type { QueueConfig } from "../config/load.ts";
import { createDeadLetterQueue } from "../operations/dead-letters/dead-letter-queue.ts";
import { type DeadLetterFilter, matches } from "../operations/dead-letters/filter.ts";
import { createGroups, type Groups } from "../operations/dead-letters/groups.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import { type ScanResult, scan } from "../operations/dead-letters/scan.ts";
import {
  type DlqSession,
  type HeldMessages,
  MAX_HELD,
  releaseAll,
} from "../operations/dead-letters/session.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";
import { judge, type Verdict } from "../operations/dead-letters/verdict.ts";
import { checkQueue, createSqs } from "../queue/sqs.ts";

/** Output and clocks of a dlq command. */
export interface DlqTerminal {
  /** Results, to standard output. */
  readonly print: (line: string) => void;
  /** Plan and progress, to standard error. */
  readonly printStatus: (line: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** Monotonic ms. */
  readonly monotonicNow: () => number;
}

/** The options that every dlq command has. */
export interface DlqOptions {
  readonly filter: DeadLetterFilter;
  readonly json: boolean;
  readonly holdSeconds: number;
  readonly maxReplays: number;
}

export interface OpenDlqSession extends DlqSession {
  readonly sqs: SQSClient;
}

/**
 * Opens the dead-letter queue for one command. Releases all messages that are still held at the end,
 * also after a failure. SIGINT and SIGTERM abort the session's signal; a second one ends the process.
 * @throws {Failure} if the queue cannot be used.
 */
export async function withDlqSession<T>(
  config: QueueConfig,
  { holdSeconds }: Pick<DlqOptions, "holdSeconds">,
  terminal: DlqTerminal,
  command: (session: OpenDlqSession) => Promise<T>,
): Promise<T> {
  const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const held: HeldMessages = new Map();
  const selected: HeldMessages = new Map();
  const queue = createDeadLetterQueue({
    sqs,
    queueUrl: config.QUEUE_URL,
    deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
    holdSeconds,
    now: terminal.now,
  });
  try {
    await checkQueue(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL);
    return await command({ sqs, queue, held, selected, signal: stopping.signal });
  } finally {
    const left = (await releaseAll(queue, selected)) + (await releaseAll(queue, held));
    if (left > 0) {
      terminal.printStatus(
        `${countOfMessages(left)} could not be released: visible again within ${holdSeconds} s.`,
      );
    }
    sqs.destroy();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

export interface SelectResult extends ScanResult {
  readonly selected: Groups;
  /** All other messages. */
  readonly others: Groups;
}

/**
 * Scans the whole queue. Messages that match the filter go to `session.selected`, at most `limit`. All
 * others are held too: a message that appears later is then known to be new.
 * @param onSelected called for each selected message
 */
export async function selectMessages(
  session: DlqSession,
  options: DlqOptions & { readonly limit?: number | undefined },
  now: () => number,
  onSelected: (message: DeadLetter, verdict: Verdict) => void = () => undefined,
): Promise<SelectResult> {
  const { queue, held, selected, signal } = session;
  const { filter, maxReplays, limit = Number.POSITIVE_INFINITY } = options;
  const selectedGroups = createGroups();
  const others = createGroups();
  const result = await scan({
    queue,
    held,
    signal,
    maxHeld: MAX_HELD,
    visit(message) {
      const at = now();
      const verdict = judge(message, at, maxReplays);
      if (selectedGroups.count < limit && matches(filter, message, verdict, at)) {
        selectedGroups.add(message, verdict);
        selected.set(message.messageId, message.receiptHandle);
        onSelected(message, verdict);
      } else {
        others.add(message, verdict);
      }
      return true;
    },
  });
  // The scan keeps the latest handle of each message in `held`.
  for (const [id, handle] of selected) {
    selected.set(id, held.get(id) ?? handle);
    held.delete(id);
  }
  return { ...result, selected: selectedGroups, others };
}
