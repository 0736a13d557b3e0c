import { topics } from "../../domain/event/rules.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { LogLine } from "../../observability/facts/line.ts";
import { describeReason } from "./acknowledged.ts";
import { headStart } from "./describe-event.ts";

/** How a conversation's story ends. */
export interface ConversationResult {
  /** The status that was written last; absent where nothing was. */
  readonly written?: HistoryStatus;
  /** The answer in one or two sentences. */
  readonly says: string;
  /** What the reader can do about it, where anything is to be done. */
  readonly cure?: string;
}

type LineOf<F extends LogLine["fact"]> = Extract<LogLine, { fact: F }>;

/** [pure] What was written, or why nothing was. `lines` are those of one conversation, by time. */
export function conversationResult(lines: readonly LogLine[]): ConversationResult {
  const written = last(lines, "enrichment.written");
  if (written !== undefined) return resultOfWrite(lines, written);
  return (
    nothingSeen(lines) ??
    shadowed(lines) ??
    deadLettered(lines) ??
    expired(lines) ??
    stillWaiting(lines) ??
    noStart(lines) ??
    acknowledged(lines) ??
    broken()
  );
}

function resultOfWrite(
  lines: readonly LogLine[],
  written: LineOf<"enrichment.written">,
): ConversationResult {
  const { status } = written;
  const met = last(lines, "headstart.measured");
  const agent =
    met === undefined ? "no agent is known to have connected" : headStart(met.headStartMs);
  if (status === "unavailable") return onlyUnavailable(lines);
  const emptied = last(lines, "attributes.emptied");
  const after = emptied === undefined ? "" : " It was emptied after the customer had left.";
  const says = `The status "${status}" was written; ${agent}.${after}`;
  const unconfirmed = last(lines, "write.confirmed") === undefined;
  if (!unconfirmed) return { written: status, says };
  return {
    written: status,
    says: `${says} Genesys has not confirmed it in this log.`,
    cure: "Where this is so for all conversations, the rule for the attributes topic is missing.",
  };
}

function onlyUnavailable(lines: readonly LogLine[]): ConversationResult {
  const why = last(lines, "enrichment.delayed");
  const after = last(lines, "enrichment.expired");
  const end = after === undefined ? "" : ` It was not mended in time: ${after.reason}.`;
  return {
    written: "unavailable",
    says: `Only "unavailable" was written: ${why?.reason ?? "Oracle could not be asked"}.${end}`,
    ...(why === undefined ? {} : { cure: why.cure }),
  };
}

function nothingSeen(lines: readonly LogLine[]): ConversationResult | undefined {
  if (lines.length > 0) return undefined;
  return {
    says: "This log says nothing of the conversation.",
    cure:
      "Is the id right, does the log reach back that far, and is LOG_LEVEL at most info? Else the event never " +
      "came: look at the EventBridge integration's topics, at the rules, and at the rule's own dead letters.",
  };
}

function shadowed(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = last(lines, "enrichment.shadowed");
  if (line === undefined) return undefined;
  return {
    says: `Nothing was written, for SHADOW is on; the status "${line.status}" would have been.`,
    cure: "Unset SHADOW to write.",
  };
}

function deadLettered(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = last(lines, "event.dead_lettered");
  if (line === undefined) return undefined;
  return {
    says: `Nothing was written: the event is a dead letter (${line.source}: ${line.code}), ${line.reason}.`,
    cure: `${line.cure} Then: ringahead dlq replay --conversation ${line.conversationId ?? ""}`.trim(),
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
  if (end === undefined || lines.slice(at).some(letsGo)) return undefined;
  if (end.fact === "enrichment.delayed") return notYet(end.reason, end.cure);
  return notYet(waits[end.fact] ?? "");
}

/** Why a conversation may wait; a failure says so itself. */
const waits: Readonly<Partial<Record<LogLine["fact"], string>>> = {
  "enrichment.delayed": "",
  "enrichment.yielded": "others had no agent yet and went first",
  "enrichment.elsewhere": "another worker carries it",
  "backlog.joined": "it waits in the backlog for budget",
  "backlog.made_room": "the backlog was full",
  "backlog.given_back": "the worker that had it stopped",
};

/** A duplicate is let go while its twin still waits: that is no end. */
function letsGo(line: LogLine): boolean {
  const isCustomers = "topic" in line && line.topic === topics.customerStart;
  return (
    line.fact === "event.acknowledged" && isCustomers && line.because !== "owned_by_other_message"
  );
}

function notYet(because: string, cure?: string): ConversationResult {
  return {
    says: `Nothing is written yet: ${because}. It is tried again; the log ends before that.`,
    ...(cure === undefined ? {} : { cure }),
  };
}

function noStart(lines: readonly LogLine[]): ConversationResult | undefined {
  const customers: readonly (string | undefined)[] = [topics.customerStart, topics.contact];
  if (lines.some((line) => "topic" in line && customers.includes(line.topic))) return undefined;
  return {
    says: "Nothing was written: the start of the customer's session is not in this log.",
    cure: "Does the log reach back to it? Else: is the topic customer.start chosen in the EventBridge integration?",
  };
}

/** A start that was let go at once, for a reason. */
function acknowledged(lines: readonly LogLine[]): ConversationResult | undefined {
  const line = lines.findLast(
    (one) => one.fact === "event.acknowledged" && one.topic === topics.customerStart,
  );
  if (line?.fact !== "event.acknowledged") return undefined;
  return { says: `Nothing was written: ${describeReason(line.because)}.` };
}

function broken(): ConversationResult {
  return {
    says: "Nothing is written in this log: it ends while the conversation waits or is worked on.",
    cure: "A worker that is killed gives the message back within two minutes: look at the log after it, of all workers.",
  };
}

function last<F extends LogLine["fact"]>(
  lines: readonly LogLine[],
  fact: F,
): LineOf<F> | undefined {
  // `find` cannot carry the relation between the fact's name and its line.
  return lines.findLast((line) => line.fact === fact) as LineOf<F> | undefined;
}
