import { Failure } from "../../domain/failure.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { DeadLetter } from "./read-dead-letter.ts";

/** Letters that this run keeps from others: message id to the latest receipt handle. */
export type Holding = Map<string, string>;

export interface ScanOptions {
  readonly queue: DeadLetterQueue;
  /** What is seen is held here, so that it is seen once. */
  readonly holding: Holding;
  /** Told of each letter once. Returning false ends the scan. */
  readonly visit: (letter: DeadLetter) => boolean;
  /** Where that many letters are held, the scan ends. */
  readonly atMost: number;
  readonly signal: AbortSignal;
}

export interface Scanned {
  readonly seen: number;
  /** Whether the end of the queue was reached. */
  readonly complete: boolean;
}

/** SQS lets 120,000 messages of a queue be received at once; some are left to others. */
export const HELD_AT_MOST = 110_000;
const RECEIVERS = 4;
const WAIT_SECONDS = 1;

/**
 * Receives every letter that is visible and holds it: listing is receiving. Bodies are not kept.
 * A long poll asks all of SQS' servers, so one that brings nothing is the end of the queue.
 * @throws {Failure} what is held then still has to be given back: see {@link makeVisible}.
 */
export async function scan(options: ScanOptions): Promise<Scanned> {
  const { queue, holding, signal } = options;
  let seen = 0;
  let going = true;

  function take(letter: DeadLetter): void {
    const known = holding.has(letter.messageId);
    holding.set(letter.messageId, letter.receiptHandle);
    if (known || !going) return;
    seen += 1;
    going = options.visit(letter) && holding.size < options.atMost && !signal.aborted;
  }

  async function receive(): Promise<void> {
    while (going && !signal.aborted) {
      const letters = await queue.receive(WAIT_SECONDS);
      if (letters.length === 0) return;
      for (const letter of letters) take(letter);
    }
  }

  const ended = await Promise.allSettled(Array.from({ length: RECEIVERS }, receive));
  const failed = ended.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { seen, complete: going && !signal.aborted };
}

/** Requests under way at once while letters are given back, ten letters each. */
const SLICE = 200;

/**
 * Makes everything that is held visible to others again.
 * @returns how many were not given back; those come back by themselves when their time is over.
 */
export async function makeVisible(queue: DeadLetterQueue, holding: Holding): Promise<number> {
  const handles = [...holding.values()];
  holding.clear();
  let left = 0;
  for (let from = 0; from < handles.length; from += SLICE) {
    const slice = handles.slice(from, from + SLICE);
    const ends = await Promise.allSettled(
      slice.map((receiptHandle) => queue.release({ receiptHandle })),
    );
    left += ends.filter((end) => end.status === "rejected" && !isOver(end.reason)).length;
  }
  return left;
}

/** The handle is too old: the letter is visible already. */
function isOver(error: unknown): boolean {
  return (
    error instanceof Failure && /ReceiptHandleIsInvalid|InvalidParameterValue/.test(error.message)
  );
}
