import type { LogLine } from "../../observability/facts/line.ts";
import { describeEvent, sentence } from "./describe-event.ts";
import { type ConversationResult, conversationResult } from "./result.ts";

/** One thing that happened. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
}

/** The story of one conversation. */
export interface Timeline {
  readonly conversationId: string;
  /** By time. */
  readonly steps: readonly TimelineEntry[];
  readonly result: ConversationResult;
}

/** Takes the lines of a log, in any order, and keeps what belongs to one conversation. */
export interface TimelineBuilder {
  readonly take: (line: LogLine) => void;
  readonly story: () => Timeline;
}

/** Of what concerns everybody, the latest: an outage that explains a conversation is near it. */
const COMMON_KEPT = 2_000;
/** A conversation has some tens of lines; one that is replayed for ever must not fill the memory. */
const LINES_KEPT = 10_000;
/** What was before the first line may explain it. */
const BEFORE_MS = 60_000;

/** [pure] */
export function createTimelineBuilder(conversationId: string): TimelineBuilder {
  const lines: LogLine[] = [];
  const common: LogLine[] = [];

  function take(line: LogLine): void {
    if ("conversationId" in line && line.conversationId === conversationId) {
      if (lines.length < LINES_KEPT) lines.push(line);
      return;
    }
    if (!isCommon(line)) return;
    common.push(line);
    if (common.length > COMMON_KEPT) common.shift();
  }

  function story(): Timeline {
    const mine = lines.toSorted(byTime);
    const [first] = mine;
    const end = mine.at(-1);
    const during =
      first === undefined || end === undefined
        ? []
        : common.filter(({ time }) => isBetween(time, first.time, end.time));
    const told = [...mine, ...during].flatMap(stepsOf);
    const steps = [...createdSteps(mine), ...takenOver(mine), ...told];
    return {
      conversationId,
      steps: steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      result: conversationResult(mine),
    };
  }

  return { take, story };
}

function stepsOf(line: LogLine): readonly TimelineEntry[] {
  const says = sentence(line);
  return says === undefined ? [] : [{ at: line.time, says }];
}

/** When each event happened, by Genesys' own clock: before any worker could know of it. */
function createdSteps(lines: readonly LogLine[]): readonly TimelineEntry[] {
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.fact !== "event.received" || line.happenedAt <= 0) return [];
    const id = line.eventId ?? line.messageId;
    if (seen.has(id)) return [];
    seen.add(id);
    const medium = line.mediaType === undefined ? "" : ` (${line.mediaType})`;
    const at = new Date(line.happenedAt).toISOString();
    return [{ at, says: `at Genesys: ${describeEvent(line.topic)}${medium}` }];
  });
}

/** Where a message of an event came to another worker than the one that had it before. */
function takenOver(lines: readonly LogLine[]): readonly TimelineEntry[] {
  const holders = new Map<string, string>();
  return lines.flatMap((line) => {
    if (line.fact !== "event.received" || line.worker === undefined) return [];
    const id = line.eventId ?? line.messageId;
    const before = holders.get(id);
    holders.set(id, line.worker);
    if (before === undefined || before === line.worker) return [];
    return [{ at: line.time, says: `worker ${line.worker} takes over from worker ${before}` }];
  });
}

/** Whether a fact concerns everybody, and could be the cause of what became of one. */
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
