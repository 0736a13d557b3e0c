import type { MessageProcessor, ProcessedCounts } from "./process-message.ts";
import type { DeadLetter } from "./read-dead-letter.ts";
import { createSelection } from "./selection.ts";
import type { DlqSession } from "./session.ts";

/** When messages that come straight back end a run. */
export interface ReturnLimit {
  /** Largest share of the replayed messages that may come back, from 0 to 1. */
  readonly share: number;
  /** How long to look for returned messages after the last replay, in ms. */
  readonly watchMs: number;
}

export interface ProcessQueueDeps {
  readonly session: DlqSession;
  /** Selects messages that the scan did not see; undefined if the scan saw the whole queue. */
  readonly isSelected: ((message: DeadLetter) => boolean) | undefined;
  readonly processor: MessageProcessor;
  /** Id of this run. */
  readonly run: string;
  readonly returnLimit: ReturnLimit;
  /** Called with the number of messages processed so far. */
  readonly progress: (processed: number) => void;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** What was done with the selected messages. */
export interface QueueOutcome extends Readonly<ProcessedCounts> {
  /** Replayed in this run, and dead-lettered again already. */
  readonly cameBack: number;
  /** Selected, but received by another consumer. */
  readonly missing: number;
  readonly end: "done" | "came back" | "interrupted";
}

const WAIT_SECONDS = 1;
/** Returned messages are ignored until this many were replayed. */
const MIN_SAMPLE = 10;

/**
 * Processes the selected messages, ten at a time. Each is released, received again with its body (the
 * scan kept none) and processed. All others stay held, so that a replayed message that comes straight
 * back is noticed.
 * @throws {Failure} at the first failure of a queue or of Genesys. No message is lost.
 */
export async function processQueue(deps: ProcessQueueDeps): Promise<QueueOutcome> {
  const { session, isSelected, processor, run, returnLimit, now } = deps;
  const { queue, held, signal } = session;
  const { counts } = processor;
  const selection = createSelection({ session, isSelected, run });
  let processed = 0;

  async function receiveAndProcess(): Promise<void> {
    const messages = selection.take(await queue.receive(WAIT_SECONDS));
    const results = await Promise.allSettled(
      messages.map(async (message) => {
        if (await processor.process(message)) held.delete(message.messageId);
        processed += 1;
        deps.progress(processed);
      }),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  const isOverLimit = () => selection.cameBack > returnLimit.share * counts.replayed;
  const canContinue = () => !signal.aborted && !(counts.replayed >= MIN_SAMPLE && isOverLimit());

  while (selection.hasMore && canContinue()) {
    await selection.releaseNext();
    await receiveAndProcess();
  }
  const watchUntil = now() + returnLimit.watchMs;
  while (counts.replayed > 0 && now() < watchUntil && canContinue()) await receiveAndProcess();
  const end = signal.aborted ? "interrupted" : isOverLimit() ? "came back" : "done";
  return { ...counts, cameBack: selection.cameBack, missing: selection.missing, end };
}
