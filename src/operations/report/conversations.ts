import { LRUCache } from "lru-cache";
import { topics } from "../../domain/event/rules.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { LogLine } from "../../observability/facts/line.ts";
import { createHistogram } from "./histogram.ts";

/** Conversations by result. Each counts once. */
export interface ConversationCounts {
  /** Conversations whose start is in the log. */
  readonly started: number;
  /** By the last status written. */
  readonly written: Readonly<Record<HistoryStatus, number>>;
  readonly nothingWritten: number;
  /** Conversations that an agent answered, by what the agent saw. */
  readonly answered: {
    readonly total: number;
    /** A status other than `unavailable` was written before the agent connected. */
    readonly ready: number;
    readonly late: number;
    readonly unavailable: number;
    readonly nothing: number;
  };
  /** The median of all measured head starts; absent if there is none. */
  readonly medianHeadStartMs?: number;
}

/** A conversation that may have further lines. */
interface OpenConversation {
  started: boolean;
  agent: boolean;
  written?: HistoryStatus;
  headStartMs?: number;
}

/** The conversation with the oldest last line is counted as finished when there are more. */
const MAX_OPEN = 50_000;

/** Counts conversations in a stream of lines, in constant memory. */
export function countConversations() {
  const written = { found: 0, not_found: 0, ambiguous: 0, anonymous: 0, unavailable: 0 };
  const answered = { total: 0, ready: 0, late: 0, unavailable: 0, nothing: 0 };
  const headStarts = createHistogram();
  let started = 0;
  let nothingWritten = 0;

  function close(open: OpenConversation): void {
    if (!open.started) return;
    started += 1;
    if (open.written === undefined) nothingWritten += 1;
    else written[open.written] += 1;
    if (!open.agent) return;
    answered.total += 1;
    answered[answerOf(open)] += 1;
    if (open.headStartMs !== undefined) headStarts.add(open.headStartMs);
  }

  const open = new LRUCache<string, OpenConversation>({
    max: MAX_OPEN,
    dispose: (conversation, _, reason) => {
      if (reason !== "set") close(conversation);
    },
  });

  function conversationOf(id: string): OpenConversation {
    const known = open.get(id);
    if (known !== undefined) return known;
    const created: OpenConversation = { started: false, agent: false };
    open.set(id, created);
    return created;
  }

  function take(line: LogLine): void {
    if (!("conversationId" in line) || line.conversationId === undefined) return;
    const conversation = conversationOf(line.conversationId);
    switch (line.fact) {
      case "event.received":
        if (line.topic === topics.customerStart) conversation.started = true;
        if (line.topic === topics.userStart) conversation.agent = true;
        break;
      case "enrichment.written":
      case "enrichment.shadowed":
        conversation.written = line.status;
        break;
      case "headstart.measured":
        conversation.headStartMs ??= line.headStartMs;
        break;
      default:
    }
  }

  return {
    take,
    /** Counts the open conversations too, and returns the totals. Call it once, at the end. */
    counts(): ConversationCounts {
      open.clear();
      const medianHeadStartMs = headStarts.median();
      return {
        started,
        written,
        nothingWritten,
        answered,
        ...(medianHeadStartMs === undefined ? {} : { medianHeadStartMs }),
      };
    },
  };
}

/** What the agent saw when answering. */
function answerOf({
  written,
  headStartMs,
}: OpenConversation): "ready" | "late" | "unavailable" | "nothing" {
  if (written === undefined) return "nothing";
  if (written === "unavailable") return "unavailable";
  return headStartMs !== undefined && headStartMs >= 0 ? "ready" : "late";
}
