import { Priority } from "../../domain/call.ts";
import { encodeHistory, type ReplayHistory, replayedOnce } from "../../queue/dead-letter.ts";
import { type AuditLine, auditLine, type Run } from "./audit.ts";
import type { CheckEnded, ConversationEnd } from "./conversation-ended.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { DeadLetter } from "./read-dead-letter.ts";
import { isCut } from "./verdict.ts";

/** What the command does with each message. */
export type MessageAction = { readonly kind: "discard" } | ReplayAction;

interface ReplayAction {
  readonly kind: "replay";
  /** A message that was replayed this often stays in the queue. */
  readonly maxReplays: number;
  /** The largest message that the worker's queue accepts, in bytes of body and attributes. */
  readonly largestBytes: number;
  /** Undefined: do not ask whether the participant has left. */
  readonly checkEnded: CheckEnded | undefined;
  /** Whether messages of ended conversations are discarded; otherwise they are kept. */
  readonly discardEnded: boolean;
}

interface ProcessorDeps {
  readonly queue: DeadLetterQueue;
  readonly action: MessageAction;
  readonly run: Run;
  readonly audit: (line: AuditLine) => void;
  /** Resolves when the rate limit allows the next message, or when `signal` is aborted. */
  readonly waitForRate: () => Promise<void>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Why a message was left in the dead-letter queue. */
type KeptReason =
  | "conversation_ended"
  | "conversation_unknown"
  | "third_party"
  | "conversation_unchecked"
  | "max_replays"
  | "body_cut"
  | "history_too_large";

/** The sentence for each reason. `--json` and the audit have it too: a changed sentence breaks readers. */
export const keptReasonText: Readonly<Record<KeptReason, string>> = {
  conversation_ended: "the conversation has ended",
  conversation_unknown: "Genesys does not know the conversation",
  third_party: "left alone: an agent called this party while a customer was there",
  conversation_unchecked: "Genesys could not be asked",
  max_replays: "it is set aside",
  body_cut: "only the beginning of its body is left",
  history_too_large: "no room for its history: it could circle",
};

/** What was done with the messages so far. */
export interface ProcessedCounts {
  replayed: number;
  discarded: number;
  readonly kept: Map<KeptReason, number>;
}

/** Replays, discards or keeps one held message. */
export interface MessageProcessor {
  /**
   * @returns whether the message was deleted from the dead-letter queue
   * @throws {Failure} of a queue or of Genesys. The message is then still held, or in both queues.
   */
  process(message: DeadLetter): Promise<boolean>;
  readonly counts: Readonly<ProcessedCounts>;
}

const KEPT: Readonly<Record<Exclude<ConversationEnd, "living">, KeptReason>> = {
  ended: "conversation_ended",
  unknown: "conversation_unknown",
  third_party: "third_party",
  unchecked: "conversation_unchecked",
};

/** A replay sends, writes the audit line, then deletes. A discard writes the line, then deletes. */
export function createMessageProcessor(deps: ProcessorDeps): MessageProcessor {
  const { queue, action, audit, run, now, signal } = deps;
  const counts: ProcessedCounts = { replayed: 0, discarded: 0, kept: new Map() };

  async function replay(message: DeadLetter, largestBytes: number): Promise<boolean> {
    const history = encodeHistory(
      message.body,
      historyAfter(message, run.run, now()),
      largestBytes,
    );
    if (history === undefined) return keep(message, "history_too_large");
    await deps.waitForRate();
    if (signal.aborted) return false;
    await queue.requeue(message.body, history);
    audit(auditLine(run, now(), message, "replayed"));
    counts.replayed += 1;
    await queue.delete(message);
    return true;
  }

  async function discard(message: DeadLetter, because?: string): Promise<boolean> {
    await deps.waitForRate();
    if (signal.aborted) return false;
    audit(auditLine(run, now(), message, "discarded", because));
    await queue.delete(message);
    counts.discarded += 1;
    return true;
  }

  function keep(message: DeadLetter, reason: KeptReason): boolean {
    audit(auditLine(run, now(), message, "kept", keptReasonText[reason]));
    counts.kept.set(reason, (counts.kept.get(reason) ?? 0) + 1);
    return false;
  }

  async function replayIfUseful(message: DeadLetter, options: ReplayAction): Promise<boolean> {
    if (message.replayed >= options.maxReplays) return keep(message, "max_replays");
    if (isCut(message)) return keep(message, "body_cut");
    const { conversationId, participantId } = message;
    const end =
      conversationId === undefined
        ? undefined
        : await options.checkEnded?.(
            { conversationId, participantId },
            { signal, priority: Priority.spare },
          );
    if (end === undefined || end === "living") return replay(message, options.largestBytes);
    if (end === "ended" && options.discardEnded) {
      return discard(message, keptReasonText.conversation_ended);
    }
    return keep(message, KEPT[end]);
  }

  return {
    counts,
    process: (message) =>
      action.kind === "discard" ? discard(message) : replayIfUseful(message, action),
  };
}

/** [pure] The history of a replayed message. `now` is epoch ms. */
function historyAfter(message: DeadLetter, run: string, now: number): ReplayHistory {
  const { origin, history, code, happenedAt } = message;
  const recorded = origin.by === "worker" ? origin.reason.firstAt : history?.firstAt;
  const firstAt = recorded ?? new Date(happenedAt).toISOString();
  const at = new Date(now).toISOString();
  const before = { replayed: history?.count, replays: history?.replays };
  return replayedOnce(before, firstAt, { run, at, code });
}
