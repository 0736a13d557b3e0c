/** What every call to another system is given. */
export interface Call {
  /** Ends the call, its wait for budget included, when the conversation no longer needs it. */
  readonly signal: AbortSignal;
  /** 0 is served first, 9 last (the range of Bottleneck's priorities). */
  readonly priority: Priority;
}

/** Who is served first where budget is scarce. */
export const Priority = {
  /** A conversation that an agent may be about to answer. */
  live: 2,
  /** A later try. */
  retry: 5,
  /** `unavailable` spends only spare budget. */
  spare: 8,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];
