import type { DeadLetter } from "./read-dead-letter.ts";
import type { Verdict, VerdictName } from "./verdict.ts";

/** Messages with the same failure and the same verdict. Times are ISO 8601, UTC. */
export interface DeadLetterGroup {
  /** A value for `--code`. */
  readonly code: string;
  /** The failure as text. */
  readonly failure: string;
  readonly verdict: VerdictName;
  readonly because: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
  readonly topics: Readonly<Record<string, number>>;
  /** Message id of one of them, for `dlq show`. */
  readonly example: string;
}

/** Counts messages by failure and verdict. Memory does not grow with their number. */
export interface Groups {
  add(message: DeadLetter, verdict: Verdict): void;
  /** Largest first. */
  readonly all: readonly DeadLetterGroup[];
  readonly count: number;
}

interface GroupCounts {
  readonly example: Pick<DeadLetter, "code" | "messageId">;
  readonly verdict: Verdict;
  readonly failure: string;
  /** The largest receive count; 0 if SQS did not move the messages. */
  receives: number;
  count: number;
  oldest: number;
  newest: number;
  readonly topics: Map<string, number>;
}

/** Codes and topics are input: beyond these numbers they are counted as `other`. */
const MAX_GROUPS = 100;
const MAX_TOPICS = 20;
const OTHER = "other";

/** [pure] */
export function createGroups(): Groups {
  const groups = new Map<string, GroupCounts>();
  let count = 0;

  function groupFor(message: DeadLetter, verdict: Verdict): GroupCounts {
    const ownKey = `${failureText(message)}|${verdict.is}|${verdict.because}`;
    const isFull = groups.size >= MAX_GROUPS && !groups.has(ownKey);
    const key = isFull ? `${OTHER}|${verdict.is}` : ownKey;
    const existing = groups.get(key);
    if (existing !== undefined) return existing;
    const { messageId, code } = message;
    const group: GroupCounts = {
      example: { messageId, code: isFull ? OTHER : code },
      verdict: isFull ? { is: verdict.is, because: "" } : verdict,
      failure: isFull ? OTHER : failureText(message),
      receives: 0,
      count: 0,
      oldest: message.happenedAt,
      newest: message.happenedAt,
      topics: new Map(),
    };
    groups.set(key, group);
    return group;
  }

  return {
    add(message, verdict) {
      const group = groupFor(message, verdict);
      count += 1;
      group.count += 1;
      group.oldest = Math.min(group.oldest, message.happenedAt);
      group.newest = Math.max(group.newest, message.happenedAt);
      if (message.origin.by === "sqs") {
        group.receives = Math.max(group.receives, message.origin.receives);
      }
      const name = message.topic ?? "no topic";
      const topic = group.topics.has(name) || group.topics.size < MAX_TOPICS ? name : OTHER;
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

function toGroup(group: GroupCounts): DeadLetterGroup {
  const receives = group.receives > 0 ? `, ${receivesText(group.receives)}` : "";
  return {
    code: group.example.code,
    failure: `${group.failure}${receives}`,
    verdict: group.verdict.is,
    because: group.verdict.because,
    count: group.count,
    oldest: new Date(group.oldest).toISOString(),
    newest: new Date(group.newest).toISOString(),
    topics: Object.fromEntries(group.topics),
    example: group.example.messageId,
  };
}

/** [pure] `1 receive`, `101 receives` */
export function receivesText(count: number): string {
  return count === 1 ? "1 receive" : `${count} receives`;
}

/** [pure] The failure in a few words. */
export function failureText({ origin }: DeadLetter): string {
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
