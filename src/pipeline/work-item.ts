import type { Part } from "../domain/conversation/parties.ts";
import { partOfSession, type Session } from "../domain/conversation/session.ts";
import type { SessionEvent } from "../domain/event/read-event.ts";
import type { Failure } from "../domain/failure.ts";
import { after, type EpochMs, type MonotonicMs } from "../domain/time.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import type { QueuedItem } from "./backlog/queued-item.ts";
import type { Conversation } from "./conversation-store.ts";
import type { NextAttempt } from "./next-attempt.ts";

/** Where a work item stands between two attempts. */
type WorkState =
  /** No attempt was made since the message was received. */
  | { readonly kind: "new" }
  /** The last attempt failed; the next one starts at `notBefore` or later. */
  | { readonly kind: "retry"; readonly failure: Failure; readonly notBefore: MonotonicMs }
  /**
   * The last attempt failed at Oracle: `unavailable` is written if there is spare budget before
   * `notBefore`, when the next attempt is due.
   */
  | {
      readonly kind: "owes_unavailable";
      readonly failure: Failure;
      readonly next: NextAttempt;
      readonly notBefore: MonotonicMs;
    };

/** One enrichment, from its message until that is settled. */
export interface WorkItem extends QueuedItem {
  readonly message: ReceivedMessage;
  readonly event: SessionEvent;
  readonly session: Session;
  readonly conversation: Conversation;
  readonly admittedAt: MonotonicMs;
  readonly state: WorkState;
}

/** What a work item is made of. */
export type WorkParts = Pick<
  WorkItem,
  "message" | "event" | "session" | "conversation" | "admittedAt"
>;

/** [pure] The item of a message that was just received. */
export function newItem(parts: WorkParts): WorkItem {
  return itemOf(parts, parts.session.attempts + 1, { kind: "new" });
}

/** [pure] The item after an attempt failed at Oracle and nothing was written: it owes `unavailable`. */
export function owingUnavailable(
  item: WorkItem,
  failure: Failure,
  next: NextAttempt,
  now: MonotonicMs,
): WorkItem {
  const notBefore = after(now, next.waitMs);
  return itemOf(item, item.attempt, { kind: "owes_unavailable", failure, next, notBefore });
}

/** [pure] The item that waits in the backlog for its next attempt. */
export function retryOf(
  item: WorkItem,
  attempt: number,
  failure: Failure,
  notBefore: MonotonicMs,
): WorkItem {
  return itemOf(item, attempt, { kind: "retry", failure, notBefore });
}

function itemOf(parts: WorkParts, attempt: number, state: WorkState): WorkItem {
  const { message, event, session, conversation, admittedAt } = parts;
  const startedAt = startOf(parts);
  return {
    ...{ message, event, session, conversation, admittedAt, attempt, state, startedAt },
    messageId: message.messageId,
    mediaType: event.body.mediaType,
    /** Read whenever it is asked for: an agent may answer while the item waits. */
    get answered() {
      return (conversation.agentAt ?? 0) > startedAt;
    },
  };
}

/** An event without a time counts as old as its message. */
function startOf({ event, message }: WorkParts): EpochMs {
  return event.happenedAt > 0 ? event.happenedAt : message.sentAt;
}

/** The part that the item's participant has in its conversation, as far as this worker knows. */
export function partOfItem({ session, conversation }: WorkItem): Part {
  return partOfSession(session, conversation.sessions.values());
}
