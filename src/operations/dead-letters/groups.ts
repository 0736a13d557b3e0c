import type { DeadLetter } from "./read-dead-letter.ts";
import type { Verdict, VerdictName } from "./verdict.ts";

/** Letters that failed alike and want the same done. Times are ISO 8601, UTC. */
export interface DeadLetterGroup {
  /** As `--code` takes it. */
  readonly code: string;
  /** The failure in words. */
  readonly failure: string;
  readonly verdict: VerdictName;
  readonly because: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  readonly topics: Readonly<Record<string, number>>;
  /** Message id of one of them, for `show`. */
  readonly example: string;
}

/** Counts letters by failure and verdict, in memory that does not grow with their number. */
export interface Groups {
  add(letter: DeadLetter, verdict: Verdict): void;
  /** The largest first. */
  readonly all: readonly DeadLetterGroup[];
  readonly count: number;
}

interface Counting {
  readonly letter: Pick<DeadLetter, "code" | "messageId">;
  readonly verdict: Verdict;
  failure: string;
  receives: number;
  count: number;
  oldest: number;
  newest: number;
  readonly topics: Map<string, number>;
}

/** Codes and topics come from outside: beyond these numbers they are counted as `other`. */
const GROUPS_AT_MOST = 100;
const TOPICS_AT_MOST = 20;
const OTHER = "other";

/** [pure] */
export function createGroups(): Groups {
  const groups = new Map<string, Counting>();
  let count = 0;

  function find(letter: DeadLetter, verdict: Verdict): Counting {
    const own = `${failureCodeOf(letter)}|${verdict.is}|${verdict.because}`;
    const full = groups.size >= GROUPS_AT_MOST && !groups.has(own);
    const key = full ? `${OTHER}|${verdict.is}` : own;
    const known = groups.get(key);
    if (known !== undefined) return known;
    const { messageId, code } = letter;
    const started: Counting = {
      letter: { messageId, code: full ? OTHER : code },
      verdict: full ? { is: verdict.is, because: "" } : verdict,
      failure: full ? OTHER : failureCodeOf(letter),
      receives: 0,
      count: 0,
      oldest: letter.happenedAt,
      newest: letter.happenedAt,
      topics: new Map(),
    };
    groups.set(key, started);
    return started;
  }

  return {
    add(letter, verdict) {
      const group = find(letter, verdict);
      count += 1;
      group.count += 1;
      group.oldest = Math.min(group.oldest, letter.happenedAt);
      group.newest = Math.max(group.newest, letter.happenedAt);
      if (letter.origin.by === "sqs") {
        group.receives = Math.max(group.receives, letter.origin.receives);
      }
      const named = letter.topic ?? "no topic";
      const topic = group.topics.has(named) || group.topics.size < TOPICS_AT_MOST ? named : OTHER;
      group.topics.set(topic, (group.topics.get(topic) ?? 0) + 1);
    },
    get all() {
      return [...groups.values()].sort((a, b) => b.count - a.count).map(toGroup);
    },
    get count() {
      return count;
    },
  };
}

function toGroup(group: Counting): DeadLetterGroup {
  const receives = group.receives > 0 ? `, ${receivesText(group.receives)}` : "";
  return {
    code: group.letter.code,
    failure: `${group.failure}${receives}`,
    verdict: group.verdict.is,
    because: group.verdict.because,
    count: group.count,
    oldest: new Date(group.oldest).toISOString(),
    newest: new Date(group.newest).toISOString(),
    topics: Object.fromEntries(group.topics),
    example: group.letter.messageId,
  };
}

/** [pure] `1 receive`, `101 receives` */
export function receivesText(count: number): string {
  return count === 1 ? "1 receive" : `${count} receives`;
}

/** [pure] What went wrong, in the fewest words. */
export function failureCodeOf(letter: DeadLetter): string {
  const { origin } = letter;
  switch (origin.by) {
    case "worker":
      return `${origin.reason.code} (${origin.reason.source})`;
    case "eventbridge":
      return `EventBridge could not deliver: ${origin.delivery.errorCode}`;
    case "sqs":
      return "crashed or timed out";
    case "unknown":
      return "unreadable reason";
  }
}
