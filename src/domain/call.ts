import type { MonotonicMs } from "./time.ts";

/** The conversation and event of a call or a fact: ids only, never an address or a name. */
export interface About {
  readonly conversationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly topic?: string | undefined;
  /** EventBridge's id of the event, the same for every delivery. */
  readonly eventId?: string | undefined;
}

/** The conditions of one call to another system. */
export interface Call {
  /** Ends the call and its wait for budget. */
  readonly signal: AbortSignal;
  /** 0 is first, 9 is last (Bottleneck's range). */
  readonly priority: Priority;
  /**
   * The moment after which the caller cannot use the answer: no wait for budget and no retry goes
   * beyond it. Without it only the signal ends a call.
   */
  readonly deadline?: MonotonicMs;
  /** For the log. */
  readonly about?: About;
}

/** The longest time for one attempt at a conversation in the worker, in ms; then it is requeued. */
export const CALL_DEADLINE_MS = 30_000;

/** Which calls get budget first. */
export const Priority = {
  /** First attempts: an agent may answer any moment. Only these may use the reserve. */
  live: 2,
  /** Retries. */
  retry: 5,
  /** `unavailable` notices and other work that can wait. */
  spare: 8,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];
