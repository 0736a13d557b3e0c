import type { CustomerEvent } from "../event/read-event.ts";
import type { Received } from "../intake/received.ts";
import type { Session } from "../route/session.ts";

/** One enrichment from its admission until its message is settled. */
export interface Work {
  readonly message: Received;
  readonly event: CustomerEvent;
  readonly session: Session;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly admittedAt: number;
  /** Calls the work off, in the backlog or in hand. */
  readonly callOff: AbortController;
}

/** Why work was called off: the two want different things done with the message. */
export type CalledOff = "ended" | "draining";
