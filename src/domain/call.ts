import type { MonotonicMs } from "./time.ts";

/** The conversation and event that a call or a fact is about: ids only, never an address or a name. */
export interface About {
  readonly conversationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly topic?: string | undefined;
  /** EventBridge's own id of the event: the same for every delivery of it. */
  readonly eventId?: string | undefined;
}

/** What every call to another system is given. */
export interface Call {
  /** Ends the call, its wait for budget included, when the conversation no longer needs it. */
  readonly signal: AbortSignal;
  /** 0 is served first, 9 last (the range of Bottleneck's priorities). */
  readonly priority: Priority;
  /**
   * The moment after which the caller cannot use the answer: no wait for budget and no retry goes
   * beyond it. Without it only the signal ends a call.
   */
  readonly deadline?: MonotonicMs;
  /** Whose call it is, for the log. */
  readonly about?: About;
}

/** How long one try at a conversation may wait in the worker before the queue takes it back, in ms. */
export const CALL_DEADLINE_MS = 30_000;

/** Who is served first where budget is scarce. */
export const Priority = {
  /** A conversation that an agent may be about to answer. The reserve is for these alone. */
  live: 2,
  /** A later try. */
  retry: 5,
  /** `unavailable` spends only spare budget. */
  spare: 8,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];
