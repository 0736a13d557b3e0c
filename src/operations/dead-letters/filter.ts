import type { DeadLetter } from "./read-dead-letter.ts";
import type { Verdict, VerdictName } from "./verdict.ts";

/** Selects messages; an undefined member selects all. Ages are in ms since the event. */
export interface DeadLetterFilter {
  readonly codes?: readonly string[] | undefined;
  readonly verdicts?: readonly VerdictName[] | undefined;
  /** Any part of the topic. */
  readonly topic?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly olderThanMs?: number | undefined;
  readonly newerThanMs?: number | undefined;
}

/** [pure] `now` is epoch ms. */
export function matches(
  filter: DeadLetterFilter,
  message: DeadLetter,
  verdict: Verdict,
  now: number,
): boolean {
  const ageMs = now - message.happenedAt;
  return (
    (filter.codes?.includes(message.code) ?? true) &&
    (filter.verdicts?.includes(verdict.is) ?? true) &&
    (filter.topic === undefined || message.topic?.includes(filter.topic) === true) &&
    (filter.conversationId === undefined || message.conversationId === filter.conversationId) &&
    (filter.olderThanMs === undefined || ageMs > filter.olderThanMs) &&
    (filter.newerThanMs === undefined || ageMs < filter.newerThanMs)
  );
}
