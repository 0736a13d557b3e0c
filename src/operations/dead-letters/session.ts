import { Failure } from "../../domain/failure.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";

/** Messages that this command hides from other consumers: message id to the latest receipt handle. */
export type HeldMessages = Map<string, string>;

/** The dead-letter queue as one command uses it. */
export interface DlqSession {
  readonly queue: DeadLetterQueue;
  /** Held messages that the command processes. Each leaves this map when its turn comes. */
  readonly selected: HeldMessages;
  /** All other held messages. A received message that is in neither map is new. */
  readonly held: HeldMessages;
  readonly signal: AbortSignal;
}

/** SQS hides at most 120,000 received messages of a queue; the rest is left to other consumers. */
export const MAX_HELD = 110_000;
/** Messages released concurrently. SQS receives them in requests of ten. */
const RELEASED_AT_ONCE = 200;

/**
 * Makes held messages visible to other consumers, and empties the map.
 * @returns how many could not be released; SQS shows those again when their visibility timeout ends.
 */
export async function releaseAll(queue: DeadLetterQueue, held: HeldMessages): Promise<number> {
  const handles = [...held.values()];
  held.clear();
  let failed = 0;
  for (let from = 0; from < handles.length; from += RELEASED_AT_ONCE) {
    const results = await Promise.allSettled(
      handles
        .slice(from, from + RELEASED_AT_ONCE)
        .map((receiptHandle) => queue.release({ receiptHandle })),
    );
    failed += results.filter(
      (result) => result.status === "rejected" && !isHandleExpired(result.reason),
    ).length;
  }
  return failed;
}

/** If the handle has expired, the message is visible already. */
function isHandleExpired(error: unknown): boolean {
  return (
    error instanceof Failure &&
    /ReceiptHandleIsInvalid|InvalidParameterValue/.test(error.errno ?? "")
  );
}
