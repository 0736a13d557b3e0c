import type { DeadLetter } from "./read-dead-letter.ts";
import type { Verdict, VerdictName } from "./verdict.ts";

/** Which letters are meant; what is left out means all. Ages are in ms since the event. */
export interface DeadLetterFilter {
  readonly codes?: readonly string[] | undefined;
  readonly verdicts?: readonly VerdictName[] | undefined;
  /** Any part of the topic. */
  readonly topic?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly olderThanMs?: number | undefined;
  readonly newerThanMs?: number | undefined;
}

/** [pure] Whether a letter is meant. `now` is epoch ms. */
export function matches(
  filter: DeadLetterFilter,
  letter: DeadLetter,
  verdict: Verdict,
  now: number,
): boolean {
  const ageMs = now - letter.happenedAt;
  return (
    (filter.codes?.includes(letter.code) ?? true) &&
    (filter.verdicts?.includes(verdict.is) ?? true) &&
    (filter.topic === undefined || letter.topic?.includes(filter.topic) === true) &&
    (filter.conversationId === undefined || letter.conversationId === filter.conversationId) &&
    (filter.olderThanMs === undefined || ageMs > filter.olderThanMs) &&
    (filter.newerThanMs === undefined || ageMs < filter.newerThanMs)
  );
}
