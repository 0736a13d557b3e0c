import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { DeadLetter } from "./read-dead-letter.ts";
import type { HeldMessages } from "./session.ts";

export interface ScanOptions {
  readonly queue: DeadLetterQueue;
  /** Each received message is added here, so that it is visited once. */
  readonly held: HeldMessages;
  /** Called once for each message. The scan ends if it returns false. */
  readonly visit: (message: DeadLetter) => boolean;
  /** The scan ends when this many messages are held. */
  readonly maxHeld: number;
  readonly signal: AbortSignal;
}

export interface ScanResult {
  readonly seen: number;
  /** Whether the end of the queue was reached. */
  readonly complete: boolean;
}

const RECEIVERS = 4;
const WAIT_SECONDS = 1;
/** A few messages may come twice without a meaning. */
const MIN_REPEATED = 100;

/**
 * Receives and holds every visible message: SQS lists messages only by receiving them. Bodies are not
 * kept. A long poll asks all servers of SQS, so an empty one means the end of the queue. If messages
 * become visible again faster than new ones come, the scan ends and is not complete.
 * @throws {Failure} the caller still has to release what is held.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const { queue, held, signal } = options;
  let seen = 0;
  let isOpen = true;
  /** Known messages received since the last new one. */
  let repeated = 0;

  function take(message: DeadLetter): void {
    const isKnown = held.has(message.messageId);
    held.set(message.messageId, message.receiptHandle);
    if (!isOpen) return;
    if (isKnown) {
      repeated += 1;
      isOpen = repeated < Math.max(held.size, MIN_REPEATED);
      return;
    }
    repeated = 0;
    seen += 1;
    isOpen = options.visit(message) && held.size < options.maxHeld && !signal.aborted;
  }

  async function receive(): Promise<void> {
    while (isOpen && !signal.aborted) {
      const messages = await queue.receive(WAIT_SECONDS);
      if (messages.length === 0) return;
      for (const message of messages) take(message);
    }
  }

  const results = await Promise.allSettled(Array.from({ length: RECEIVERS }, receive));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { seen, complete: isOpen && !signal.aborted };
}
