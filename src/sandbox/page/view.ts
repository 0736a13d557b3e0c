import type { WorkerLogLine } from "../environment/worker-process.ts";
import type { Started } from "./traffic.ts";

/** One conversation on the page. Durations in ms. */
export interface ConversationRow {
  readonly conversationId: string;
  readonly participantId: string;
  readonly title: string;
  readonly channel: string;
  /** `waiting`, `delayed`, the status that was written, `ended` or `dead letter`. */
  state: string;
  /** Why the state is `delayed`, `ended` or `dead letter`. */
  reason?: string;
  sinceEventMs?: number;
  waitedMs?: number;
  oracleMs?: number;
  genesysMs?: number;
  cached?: boolean;
  headStartMs?: number;
}

/** The conversations, as the worker's log describes them. */
export interface View {
  started(conversation: Started): void;
  line(line: WorkerLogLine): void;
  /** The latest conversations, newest first. */
  readonly rows: readonly ConversationRow[];
  /** Counted over all conversations, including those without a row. */
  readonly counts: Readonly<Record<string, number>>;
}

const ROWS_KEPT = 40;

/** [pure] Keeps the latest conversations, and counts all. */
export function createView(): View {
  const rows = new Map<string, ConversationRow>();
  const counts: Record<string, number> = {};

  function count(what: string): void {
    counts[what] = (counts[what] ?? 0) + 1;
  }

  function change(row: ConversationRow, line: WorkerLogLine): void {
    switch (line.fact) {
      case "enrichment.written": {
        const { status, sinceEventMs, waitedMs, oracleMs, genesysMs, cached } = line;
        delete row.reason;
        Object.assign(row, { state: status, sinceEventMs, waitedMs, oracleMs, genesysMs, cached });
        return;
      }
      case "enrichment.delayed":
        if (row.state === "waiting") row.state = "delayed";
        row.reason = line.reason;
        return;
      case "enrichment.expired":
        row.state = "ended";
        row.reason = line.reason;
        return;
      case "event.dead_lettered":
        row.state = "dead letter";
        row.reason = line.reason;
        return;
      case "headstart.measured":
        row.headStartMs = line.headStartMs;
    }
  }

  return {
    started(conversation) {
      count("started");
      rows.set(conversation.conversationId, { ...conversation, state: "waiting" });
      const [oldest] = rows.keys();
      if (rows.size > ROWS_KEPT && oldest !== undefined) rows.delete(oldest);
    },
    line(line) {
      if (line.fact === "enrichment.written") count(line.status);
      if (line.fact === "enrichment.expired") count("ended");
      if (line.fact === "event.dead_lettered") count("dead letter");
      const id = "conversationId" in line ? line.conversationId : undefined;
      const row = id === undefined ? undefined : rows.get(id);
      if (row !== undefined) change(row, line);
    },
    get rows() {
      return [...rows.values()].reverse();
    },
    counts,
  };
}
