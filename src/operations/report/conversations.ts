import { LRUCache } from "lru-cache";
import { topics } from "../../domain/event/rules.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { LogLine } from "../../observability/facts/line.ts";
import { createHistogram } from "./histogram.ts";

/** How conversations ended, counted once each. */
export interface ConversationCounts {
  /** Of whose start the log knows. */
  readonly started: number;
  /** By the status that was written last. */
  readonly written: Readonly<Record<HistoryStatus, number>>;
  readonly nothingWritten: number;
  /** That an agent has answered, by what the agent found. */
  readonly answered: {
    readonly total: number;
    /** The history (or that nobody is known, or several) was there before the agent. */
    readonly ready: number;
    readonly late: number;
    readonly unavailable: number;
    readonly nothing: number;
  };
  /** Half of those who were measured had at least so much; absent where none was. */
  readonly medianHeadStartMs?: number;
}

/** What is known of a conversation that may still go on. */
interface Open {
  started: boolean;
  agent: boolean;
  written?: HistoryStatus;
  headStartMs?: number;
}

/** A conversation whose log is this many others old is over: counting it takes no more memory. */
const OPEN_AT_MOST = 50_000;

/** Counts conversations in a stream of lines, in bounded memory. */
export function countConversations() {
  const written = { found: 0, not_found: 0, ambiguous: 0, anonymous: 0, unavailable: 0 };
  const answered = { total: 0, ready: 0, late: 0, unavailable: 0, nothing: 0 };
  const headStarts = createHistogram();
  let started = 0;
  let nothingWritten = 0;

  function close(open: Open): void {
    if (!open.started) return;
    started += 1;
    if (open.written === undefined) nothingWritten += 1;
    else written[open.written] += 1;
    if (!open.agent) return;
    answered.total += 1;
    answered[meetingOf(open)] += 1;
    if (open.headStartMs !== undefined) headStarts.add(open.headStartMs);
  }

  const open = new LRUCache<string, Open>({
    max: OPEN_AT_MOST,
    dispose: (conversation, _, reason) => {
      if (reason !== "set") close(conversation);
    },
  });

  function of(id: string): Open {
    const known = open.get(id);
    if (known !== undefined) return known;
    const created: Open = { started: false, agent: false };
    open.set(id, created);
    return created;
  }

  function take(line: LogLine): void {
    if (!("conversationId" in line) || line.conversationId === undefined) return;
    const conversation = of(line.conversationId);
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
    /** Counts what is still open, and gives the sums. To be called once, at the end. */
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

function meetingOf({ written, headStartMs }: Open): "ready" | "late" | "unavailable" | "nothing" {
  if (written === undefined) return "nothing";
  if (written === "unavailable") return "unavailable";
  return headStartMs !== undefined && headStartMs >= 0 ? "ready" : "late";
}
