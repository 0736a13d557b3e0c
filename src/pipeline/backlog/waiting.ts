/** One enrichment that waits for its turn. Times are epoch ms. */
export interface QueuedItem {
  /** Of the SQS message that carries it: no two that wait have the same. */
  readonly messageId: string;
  /** When the conversation started, by Genesys' clock. */
  readonly startedAt: number;
  readonly mediaType: string | undefined;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Whether an agent is there already: `user.start`. */
  readonly answered: boolean;
  /** Oracle has failed: what is owed now is `unavailable`. */
  readonly owesUnavailable: boolean;
  /** Not before this time, where the last try failed. */
  readonly notBefore: number;
}

/**
 * Whom the budget serves, best first: the agent who has not said hello yet, then the one for whom a try has
 * failed before, then the one who is talking already, then those who can only be told that there is nothing.
 */
export const ranks = ["unanswered", "retry", "answered", "unavailable"] as const;
export type Rank = (typeof ranks)[number];

/** [pure] */
export function rankOf(waiting: QueuedItem): Rank {
  if (waiting.owesUnavailable) return "unavailable";
  if (waiting.answered) return "answered";
  return waiting.attempt === 1 ? "unanswered" : "retry";
}
