import { Priority } from "../../domain/call.ts";
import { after, type MonotonicMs } from "../../domain/time.ts";
import { encodeHistory, type ReplayHistory, replayedOnce } from "../../queue/dead-letter.ts";
import { type AuditLine, auditLine, type Run } from "./audit.ts";
import type { CheckEnded, ConversationEnd } from "./conversation-ended.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { DeadLetter } from "./read-dead-letter.ts";
import { isCut } from "./verdict.ts";

export interface TreatmentDeps {
  readonly queue: DeadLetterQueue;
  readonly action: "replay" | "discard";
  readonly run: Run;
  readonly audit: (line: AuditLine) => void;
  /** Undefined where endings are not asked for. */
  readonly ending: CheckEnded | undefined;
  readonly discardEnded: boolean;
  /** A letter that was put back this often is set aside. */
  readonly maxReplays: number;
  /** Resolves when the next letter may go. */
  readonly turn: () => Promise<void>;
  /** The largest message that the worker's queue takes. */
  readonly largestBytes: number;
  readonly now: () => number;
  readonly monotonicNow: () => MonotonicMs;
  readonly signal: AbortSignal;
}

/** What became of the letters so far. */
export interface TreatmentCounts {
  replayed: number;
  discarded: number;
  /** Left where they are, and why. */
  readonly kept: Record<string, number>;
}

/** What is done with one letter that is held. */
export interface Treatment {
  /**
   * @returns whether the letter is gone from the queue.
   * @throws {Failure} of a queue or of Genesys; the letter is then still held, or in both queues.
   */
  treat(letter: DeadLetter): Promise<boolean>;
  readonly tally: Readonly<TreatmentCounts>;
}

/** How long a question to Genesys may wait for budget: less than letters are held by default. */
const ASK_MS = 120_000;

const KEPT: Readonly<Record<Exclude<ConversationEnd, "living">, string>> = {
  ended: "the conversation has ended",
  unknown: "Genesys does not know the conversation",
  unasked: "Genesys could not be asked",
};

/** Replays (send, note, then delete), discards (note, then delete) or leaves each letter. */
export function createTreatment(options: TreatmentDeps): Treatment {
  const { queue, audit, run, now, signal } = options;
  const tally: TreatmentCounts = { replayed: 0, discarded: 0, kept: {} };

  function endingOf({ conversationId }: DeadLetter): Promise<ConversationEnd> {
    if (options.ending === undefined || conversationId === undefined) {
      return Promise.resolve("living");
    }
    return options.ending(conversationId, {
      signal,
      priority: Priority.spare,
      deadline: after(options.monotonicNow(), ASK_MS),
    });
  }

  async function replay(letter: DeadLetter): Promise<boolean> {
    const history = encodeHistory(
      letter.body,
      historyAfter(letter, run.run, now()),
      options.largestBytes,
    );
    if (history === undefined) return keep(letter, "no room for its history: it could circle");
    await options.turn();
    if (signal.aborted) return false;
    await queue.putBack(letter.body, history);
    audit(auditLine(run, now(), letter, "replayed"));
    tally.replayed += 1;
    await queue.delete(letter);
    return true;
  }

  async function discard(letter: DeadLetter, because?: string): Promise<boolean> {
    await options.turn();
    if (signal.aborted) return false;
    audit(auditLine(run, now(), letter, "discarded", because));
    await queue.delete(letter);
    tally.discarded += 1;
    return true;
  }

  function keep(letter: DeadLetter, because: string): boolean {
    audit(auditLine(run, now(), letter, "kept", because));
    tally.kept[because] = (tally.kept[because] ?? 0) + 1;
    return false;
  }

  return {
    tally,
    async treat(letter) {
      if (options.action === "discard") return discard(letter);
      if (letter.replayed >= options.maxReplays) return keep(letter, "it is set aside");
      if (isCut(letter)) return keep(letter, "only the beginning of its body is left");
      const ending = await endingOf(letter);
      if (ending === "ended" && options.discardEnded) return discard(letter, KEPT.ended);
      return ending === "living" ? replay(letter) : keep(letter, KEPT[ending]);
    },
  };
}

/** [pure] What the message is given to take along. */
function historyAfter(letter: DeadLetter, run: string, now: number): ReplayHistory {
  const { origin, history, code } = letter;
  const told = origin.by === "worker" ? origin.reason.firstAt : history?.firstAt;
  const firstAt = told ?? new Date(letter.happenedAt).toISOString();
  const at = new Date(now).toISOString();
  return replayedOnce({ replayed: history?.count, replays: history?.replays }, firstAt, {
    run,
    at,
    code,
  });
}
