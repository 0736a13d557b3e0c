import { topics } from "../../domain/event/rules.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { LoggedReason, LogLine } from "../../observability/facts/line.ts";
import { describeReason } from "./acknowledged.ts";
import { headStart } from "./describe-event.ts";
import { whyStatus } from "./match.ts";
import { type JudgedParticipant, judgedParticipants, participantsText } from "./participants.ts";

/** What became of a conversation, according to the log. */
export interface ConversationResult {
  /** The status that was written last to the conversation's customer; absent if none was. */
  readonly written?: HistoryStatus;
  /** A few sentences. They name the participants that were taken and those that were left alone. */
  readonly says: string;
  /** The conversation's customer first; absent if the log does not tell. */
  readonly participants?: readonly JudgedParticipant[];
  /** What to do; absent if there is nothing to do. */
  readonly cure?: string;
}

type LineOf<F extends LogLine["fact"]> = Extract<LogLine, { fact: F }>;

/** [pure] What was written, or why nothing was. `lines`: all of one conversation, ordered by time. */
export function conversationResult(lines: readonly LogLine[]): ConversationResult {
  const participants = judgedParticipants(lines);
  const written = writtenTo(participants[0]?.participantId, lines);
  const result = resultFor(lines, written);
  // An earlier version logged neither the participants nor how a customer was found.
  if (participants.length === 0) return result;
  const outcome = written ?? last(lines, "enrichment.shadowed");
  const why = outcome === undefined ? "" : whyStatus(outcome);
  return { ...result, says: `${result.says}${why}${participantsText(participants)}`, participants };
}

/** The last write to the conversation's customer; of any participant if there was none. */
function writtenTo(
  customer: string | undefined,
  lines: readonly LogLine[],
): LineOf<"enrichment.written"> | undefined {
  const writes = lines.filter((line) => line.fact === "enrichment.written");
  return writes.findLast(({ participantId }) => participantId === customer) ?? writes.at(-1);
}

function resultFor(
  lines: readonly LogLine[],
  written: LineOf<"enrichment.written"> | undefined,
): ConversationResult {
  if (written !== undefined) return resultOfWrite(lines, written);
  return (
    nothingSeen(lines) ??
    shadowed(lines) ??
    deadLettered(lines) ??
    expired(lines) ??
    stillWaiting(lines) ??
    noStart(lines) ??
    acknowledged(lines) ??
    unfinished()
  );
}

function resultOfWrite(
  lines: readonly LogLine[],
  written: LineOf<"enrichment.written">,
): ConversationResult {
  const { status } = written;
  const measured = last(lines, "headstart.measured");
  const agent =
    measured === undefined
      ? "this log shows no agent who connected"
      : headStart(measured.headStartMs);
  if (status === "unavailable") return onlyUnavailable(lines);
  const emptied = last(lines, "attributes.emptied");
  const after =
    emptied === undefined
      ? ""
      : " The attributes with personal data were emptied after the customer left.";
  const says = `The status "${status}" was written; ${agent}.${after}`;
  const unconfirmed = last(lines, "write.confirmed") === undefined;
  if (!unconfirmed) return { written: status, says };
  return {
    written: status,
    says: `${says} This log has no confirmation from Genesys.`,
    cure: "If this is so for all conversations, the EventBridge rule for the attributes topic is missing.",
  };
}

function onlyUnavailable(lines: readonly LogLine[]): ConversationResult {
  const why = last(lines, "enrichment.delayed");
  const expired = last(lines, "enrichment.expired");
  const end = expired === undefined ? "" : ` No retry succeeded in time: ${expired.reason}.`;
  return {
    written: "unavailable",
    says: `Only the status "unavailable" was written: ${why?.reason ?? "Oracle was not available"}.${end}`,
    ...(why === undefined ? {} : { cure: why.cure }),
  };
}

function nothingSeen(lines: readonly LogLine[]): ConversationResult | undefined {
  if (lines.length > 0) return undefined;
  return {
    says: "This log has no line about the conversation.",
    cure:
      "Check the id, the period of the log, and that LOG_LEVEL is info or debug. If they are right, the event " +
      "did not arrive: check the topics of the EventBridge integration, the rules, and the dead letters of the rules.",
  };
}

function shadowed(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = last(lines, "enrichment.shadowed");
  if (line === undefined) return undefined;
  return {
    says: `Nothing was written because SHADOW is on. Otherwise the status "${line.status}" would have been written.`,
    cure: "Unset SHADOW to write.",
  };
}

function deadLettered(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = last(lines, "event.dead_lettered");
  if (line === undefined) return undefined;
  return {
    says: `Nothing was written: the message is a dead letter (${line.source}: ${line.code}): ${line.reason}.`,
    cure: `${line.cure} Then run: ringahead dlq replay --conversation ${line.conversationId ?? ""}`.trim(),
  };
}

function expired(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = last(lines, "enrichment.expired");
  if (line === undefined) return undefined;
  const failure = last(lines, "enrichment.delayed");
  const before = failure === undefined ? "" : ` Before that: ${failure.reason}.`;
  return {
    says: `Nothing was written: ${line.reason}.${before}`,
    ...(failure === undefined ? {} : { cure: failure.cure }),
  };
}

function stillWaiting(lines: readonly LogLine[]): ConversationResult | undefined {
  const at = lines.findLastIndex(({ fact }) => Object.hasOwn(waits, fact));
  const end = lines[at];
  if (end === undefined || lines.slice(at).some(endsWork)) return undefined;
  if (end.fact === "enrichment.delayed") return notYet(end.reason, end.cure);
  return notYet(waits[end.fact] ?? "");
}

/** Why a conversation waits after each fact; `enrichment.delayed` has its own reason. */
const waits: Readonly<Partial<Record<LogLine["fact"], string>>> = {
  "enrichment.delayed": "",
  "enrichment.yielded": "conversations without an agent go first",
  "enrichment.elsewhere": "another worker processes it",
  "backlog.joined": "it waits in the backlog",
  "backlog.made_room": "the backlog was full",
  "backlog.given_back": "the worker that processed it stopped",
};

/** A duplicate is acknowledged while its owner still works, a third party while the customer waits. */
function isOthers(because: LoggedReason): boolean {
  return because === "owned_by_other_message" || because === "third_party";
}

/** Whether the start was acknowledged, and no other work goes on. */
function endsWork(line: LogLine): boolean {
  const isStart = "topic" in line && line.topic === topics.customerStart;
  return line.fact === "event.acknowledged" && isStart && !isOthers(line.because);
}

function notYet(because: string, cure?: string): ConversationResult {
  return {
    says: `Nothing is written yet: ${because}. The log ends before the next attempt.`,
    ...(cure === undefined ? {} : { cure }),
  };
}

function noStart(lines: readonly LogLine[]): ConversationResult | undefined {
  const customers: readonly (string | undefined)[] = [topics.customerStart, topics.contact];
  if (lines.some((line) => "topic" in line && customers.includes(line.topic))) return undefined;
  return {
    says: "Nothing was written: the start of the customer's session is not in this log.",
    cure: "Check that the log reaches back to the start. If it does, select the topic customer.start in the EventBridge integration.",
  };
}

/** A start that was acknowledged. */
function acknowledged(lines: readonly LogLine[]): ConversationResult | undefined {
  const starts = lines
    .filter((line) => line.fact === "event.acknowledged")
    .filter(({ topic }) => topic === topics.customerStart);
  const own = starts.findLast(({ because }) => because !== "third_party");
  const isTaken = judgedParticipants(lines).some(({ part }) => part !== "third_party");
  const line = own ?? (isTaken ? undefined : starts.at(-1));
  if (line === undefined) return undefined;
  return { says: `Nothing was written: ${describeReason(line.because)}.` };
}

function unfinished(): ConversationResult {
  return {
    says: "Nothing was written: the log ends while the conversation waits or is in progress.",
    cure: "If the worker was killed, the message is visible in the queue again within two minutes: check the later logs of all workers.",
  };
}

function last<F extends LogLine["fact"]>(
  lines: readonly LogLine[],
  fact: F,
): LineOf<F> | undefined {
  // The type of `findLast` does not relate the name of the fact to its line.
  return lines.findLast((line) => line.fact === fact) as LineOf<F> | undefined;
}
