import type { SQSClient } from "@aws-sdk/client-sqs";
import type { QueueConfig } from "../config/load.ts";
import {
  createDeadLetterQueue,
  type DeadLetterQueue,
} from "../operations/dead-letters/dead-letter-queue.ts";
import { type DeadLetterFilter, matches } from "../operations/dead-letters/filter.ts";
import { createGroups, type Groups } from "../operations/dead-letters/groups.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import {
  HELD_AT_MOST,
  type Holding,
  makeVisible,
  type Scanned,
  scan,
} from "../operations/dead-letters/scan.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";
import { judge, type Verdict } from "../operations/dead-letters/verdict.ts";
import { checkQueue, createSqs } from "../queue/sqs.ts";

/** Where a command writes: results to standard output, all else to standard error. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly tell: (line: string) => void;
  readonly now: () => number;
}

/** What every dlq command can be told. */
export interface CommonOptions {
  readonly filter: DeadLetterFilter;
  readonly json: boolean;
  readonly holdSeconds: number;
  readonly maxReplays: number;
}

/** The dead-letter queue in the hands of one command. */
export interface DlqSession {
  readonly sqs: SQSClient;
  readonly queue: DeadLetterQueue;
  /** What is held; it is given back at the end, whatever happens. */
  readonly holding: Holding;
  readonly chosen: Holding;
  /** Aborted by SIGINT and SIGTERM; a second signal ends the process. */
  readonly signal: AbortSignal;
}

/**
 * Opens the dead-letter queue for one command, and gives back at its end what it still holds.
 * @throws {Failure} where the queue cannot be used.
 */
export async function withDlqSession<T>(
  config: QueueConfig,
  options: Pick<CommonOptions, "holdSeconds">,
  terminal: Terminal,
  work: (atHand: DlqSession) => Promise<T>,
): Promise<T> {
  const { holdSeconds } = options;
  const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const holding: Holding = new Map();
  const chosen: Holding = new Map();
  const queue = createDeadLetterQueue({
    sqs,
    queueUrl: config.QUEUE_URL,
    deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
    holdSeconds,
    now: terminal.now,
  });
  try {
    await checkQueue(sqs, "DEAD_LETTER_QUEUE_URL", config.DEAD_LETTER_QUEUE_URL);
    return await work({ sqs, queue, holding, chosen, signal: stopping.signal });
  } finally {
    const left = (await makeVisible(queue, chosen)) + (await makeVisible(queue, holding));
    if (left > 0) {
      terminal.tell(
        `${countOfMessages(left)} could not be given back: visible again within ${holdSeconds} s.`,
      );
    }
    sqs.destroy();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/** What a look through the queue has found. */
export interface FoundDeadLetter extends Scanned {
  /** The letters that the filter means. */
  readonly meant: Groups;
  /** All others. */
  readonly others: Groups;
}

/**
 * Looks through the whole queue. What is meant (`limit` at most) is held as chosen. The rest is
 * held too, whatever the limit: only then is what comes to light later known to be new.
 * @param visit told of each letter that is meant
 */
export async function scanDeadLetters(
  { queue, holding, chosen, signal }: DlqSession,
  options: CommonOptions & { readonly limit?: number | undefined },
  now: () => number,
  visit: (letter: DeadLetter, verdict: Verdict) => void = () => undefined,
): Promise<FoundDeadLetter> {
  const { filter, maxReplays, limit = Number.POSITIVE_INFINITY } = options;
  const meant = createGroups();
  const others = createGroups();
  const scanned = await scan({
    queue,
    holding,
    signal,
    atMost: HELD_AT_MOST,
    visit(letter) {
      const at = now();
      const verdict = judge(letter, at, maxReplays);
      if (meant.count < limit && matches(filter, letter, verdict, at)) {
        meant.add(letter, verdict);
        chosen.set(letter.messageId, letter.receiptHandle);
        visit(letter, verdict);
      } else {
        others.add(letter, verdict);
      }
      return true;
    },
  });
  for (const id of chosen.keys()) {
    chosen.set(id, holding.get(id) ?? chosen.get(id) ?? "");
    holding.delete(id);
  }
  return { ...scanned, meant, others };
}
