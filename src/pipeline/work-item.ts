import type { Session } from "../domain/conversation/session.ts";
import type { CustomerEvent } from "../domain/event/read-event.ts";
import type { Failure } from "../domain/failure.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import type { QueuedItem } from "./backlog/waiting.ts";
import type { Conversation } from "./conversation-store.ts";
import type { NextTry } from "./next-attempt.ts";

/** What a try of an enrichment is made of. */
export interface Try {
  readonly message: ReceivedMessage;
  readonly event: CustomerEvent;
  readonly session: Session;
  readonly conversation: Conversation;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly admittedAt: number;
  readonly notBefore: number;
  /** Why the last try failed, and what comes next; undefined before the first one. */
  readonly failed: FailedTry | undefined;
  /** Whether the failure is still to be told as `unavailable`. */
  readonly owesUnavailable: boolean;
}

export interface FailedTry {
  readonly failure: Failure;
  readonly next: NextTry;
}

/** One enrichment from its admission until its message is settled. */
export interface Work extends Try, QueuedItem {
  /** Calls the work off, in the backlog or in hand. */
  readonly callOff: AbortController;
}

/** Why work was called off: the two want different things done with the message. */
export type CalledOff = "ended" | "draining";

/** A try that waits for its turn; whether an agent is there is looked up whenever it is asked. */
export function workOf(parts: Try): Work {
  const { message, event, conversation } = parts;
  return {
    ...parts,
    messageId: message.messageId,
    startedAt: startOf(parts),
    mediaType: event.body.mediaType,
    callOff: new AbortController(),
    get answered() {
      return (conversation.agentAt ?? 0) > this.startedAt;
    },
  };
}

/** An event without a time is taken to be as old as its message. */
function startOf({ event, message }: Try): number {
  return event.happenedAt > 0 ? event.happenedAt : message.sentAt;
}
