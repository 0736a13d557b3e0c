import type { LogLine } from "../../observability/facts/line.ts";
import { describeEvent, describeFact } from "./describe-event.ts";
import { type ConversationResult, conversationResult } from "./result.ts";

/** One step of a timeline. */
interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
}

/** The timeline of one conversation. */
export interface Timeline {
  readonly conversationId: string;
  /** Ordered by time. */
  readonly steps: readonly TimelineEntry[];
  readonly result: ConversationResult;
}

/** Builds the timeline of one conversation from the lines of a log, in any order. */
export interface TimelineBuilder {
  readonly take: (line: LogLine) => void;
  readonly build: () => Timeline;
}

/** The latest facts about all conversations: an outage that explains one is near it in time. */
const MAX_COMMON = 2_000;
/** Some tens are usual. The limit is for a conversation that is replayed again and again. */
const MAX_LINES = 10_000;
/** Facts this long before the first line may explain it. */
const BEFORE_MS = 60_000;

/** Keeps at most 12,000 lines in memory. */
export function createTimelineBuilder(conversationId: string): TimelineBuilder {
  const lines: LogLine[] = [];
  const common: LogLine[] = [];

  function take(line: LogLine): void {
    if ("conversationId" in line && line.conversationId === conversationId) {
      if (lines.length < MAX_LINES) lines.push(line);
      return;
    }
    if (!isCommon(line)) return;
    common.push(line);
    if (common.length > MAX_COMMON) common.shift();
  }

  function build(): Timeline {
    const mine = lines.toSorted(byTime);
    const [first] = mine;
    const end = mine.at(-1);
    const during =
      first === undefined || end === undefined
        ? []
        : common.filter(({ time }) => isBetween(time, first.time, end.time));
    const described = [...mine, ...during].flatMap(stepsOf);
    const steps = [...genesysSteps(mine), ...takeovers(mine), ...described];
    return {
      conversationId,
      steps: steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      result: conversationResult(mine),
    };
  }

  return { take, build };
}

function stepsOf(line: LogLine): readonly TimelineEntry[] {
  const says = describeFact(line);
  return says === undefined ? [] : [{ at: line.time, says }];
}

/** When each event happened, by Genesys' own clock. */
function genesysSteps(lines: readonly LogLine[]): readonly TimelineEntry[] {
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.fact !== "event.received" || line.happenedAt <= 0) return [];
    const id = line.eventId ?? line.messageId;
    if (seen.has(id)) return [];
    seen.add(id);
    const media = line.mediaType === undefined ? "" : ` (${line.mediaType})`;
    const at = new Date(line.happenedAt).toISOString();
    return [{ at, says: `at Genesys: ${describeEvent(line.topic)}${media}` }];
  });
}

/** A message of the same event reached another worker than before. */
function takeovers(lines: readonly LogLine[]): readonly TimelineEntry[] {
  const workers = new Map<string, string>();
  return lines.flatMap((line) => {
    if (line.fact !== "event.received" || line.worker === undefined) return [];
    const id = line.eventId ?? line.messageId;
    const before = workers.get(id);
    workers.set(id, line.worker);
    if (before === undefined || before === line.worker) return [];
    return [{ at: line.time, says: `worker ${line.worker} takes over from worker ${before}` }];
  });
}

/** Whether a fact affects all conversations, so that it may explain the result of one. */
function isCommon({ fact }: LogLine): boolean {
  return /^(breaker|limiter|token|redis|fleet|queue|secret|operations|worker)\./.test(fact);
}

function isBetween(time: string, first: string, last: string): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(first) - BEFORE_MS && at <= Date.parse(last);
}

function byTime(a: LogLine, b: LogLine): number {
  return Date.parse(a.time) - Date.parse(b.time);
}
