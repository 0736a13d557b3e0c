import type { EpochMs, MonotonicMs } from "../../domain/time.ts";

/** What an item in the backlog waits for. */
type QueueState =
  | { readonly kind: "new" }
  /** An attempt, not before this time. */
  | { readonly kind: "retry"; readonly notBefore: MonotonicMs }
  /** `unavailable`, at any time until `notBefore`, when the next attempt is due. */
  | { readonly kind: "owes_unavailable"; readonly notBefore: MonotonicMs };

/** One enrichment in the backlog. */
export interface QueuedItem {
  /** Of the SQS message that owns it: no two items in the backlog have the same. */
  readonly messageId: string;
  /** When the conversation started, by Genesys' clock. */
  readonly startedAt: EpochMs;
  readonly mediaType: string | undefined;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Whether an agent has connected: `user.start`. */
  readonly answered: boolean;
  readonly state: QueueState;
}

/**
 * The priority order: first attempts whose agent has not answered, retries, answered conversations,
 * `unavailable`.
 */
export const ranks = ["unanswered", "retry", "answered", "unavailable"] as const;
export type Rank = (typeof ranks)[number];

/** [pure] */
export function rankOf(item: QueuedItem): Rank {
  if (item.state.kind === "owes_unavailable") return "unavailable";
  if (item.answered) return "answered";
  return item.attempt === 1 ? "unanswered" : "retry";
}
