import { fitHistory, replayedOnce } from "../intake/letter.ts";
import { Priority } from "../protection/call.ts";
import { type AuditLine, auditLine, type Done, type Run } from "./audit.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { AskEnding, Ending } from "./endings.ts";
import type { LetterQueue } from "./letter-queue.ts";
import { giveBack, type Holding } from "./scan.ts";
import { isCut } from "./verdict.ts";

export interface WorkOptions {
  readonly queue: LetterQueue;
  /** The letters that are meant; each leaves it when its turn comes. */
  readonly chosen: Holding;
  /** All other letters that are held, so that only what is new comes to light. */
  readonly holding: Holding;
  readonly action: "replay" | "discard";
  readonly run: Run;
  readonly audit: (line: AuditLine) => void;
  /** Undefined where endings are not asked for. */
  readonly ending: AskEnding | undefined;
  readonly discardEnded: boolean;
  /** Resolves when the next letter may go. */
  readonly turn: () => Promise<void>;
  /** The largest message that the worker's queue takes. */
  readonly largestBytes: number;
  /** More than this share of the replayed coming straight back ends the run; from 0 to 1. */
  readonly stopShare: number;
  /** How long it looks after the last replay for letters that come straight back, in ms. */
  readonly watchMs: number;
  readonly progress: (settled: number) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What became of the letters that were meant. */
export interface WorkOutcome {
  readonly replayed: number;
  readonly discarded: number;
  /** Left where they are, and why. */
  readonly kept: Readonly<Record<string, number>>;
  /** Replayed in this run and dead again already. */
  readonly cameBack: number;
  /** Meant, but received by somebody else meanwhile. */
  readonly missing: number;
  readonly end: "done" | "came back" | "interrupted";
}

const AT_ONCE = 10;
const WAIT_SECONDS = 1;
/** A released letter that this many long polls do not bring is somebody else's now. */
const EMPTY_AT_MOST = 3;
/** Fewer replays than this prove nothing yet. */
const SAMPLE = 10;

const KEPT: Readonly<Record<Exclude<Ending, "living">, string>> = {
  ended: "the conversation has ended",
  unknown: "Genesys does not know the conversation",
  unasked: "Genesys could not be asked",
};

/**
 * Replays or discards the chosen letters, ten at a time: each is made visible, received anew (with
 * its body, which was not kept), dealt with, and only then deleted. All others are held, so that
 * what else comes to light is new: a letter of this run that came straight back is noticed at once.
 * @throws {Failure} at the first failure of a queue; nothing is lost then.
 */
export async function workThrough(options: WorkOptions): Promise<WorkOutcome> {
  const { queue, chosen, holding, audit, run, now, signal } = options;
  const released = new Set<string>();
  const kept = new Map<string, number>();
  let replayed = 0;
  let discarded = 0;
  let cameBack = 0;
  let missing = 0;

  async function releaseSome(): Promise<void> {
    const some: Holding = new Map();
    for (const [id, handle] of chosen) {
      if (released.size + some.size >= AT_ONCE) break;
      some.set(id, handle);
    }
    for (const id of some.keys()) {
      chosen.delete(id);
      released.add(id);
    }
    await giveBack(queue, some);
  }

  /** Deals with what was received; waits for all before it fails. */
  async function settle(letters: readonly DeadLetter[]): Promise<void> {
    const mine = letters.filter((letter) => {
      const { messageId } = letter;
      if (released.delete(messageId) || chosen.delete(messageId)) return true;
      if (!holding.has(messageId)) note(letter);
      holding.set(messageId, letter.receiptHandle);
      return false;
    });
    const ends = await Promise.allSettled(mine.map(one));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  function note(letter: DeadLetter): void {
    if (letter.history?.replays.at(-1)?.run === run.run) cameBack += 1;
  }

  async function one(letter: DeadLetter): Promise<void> {
    // What fails below is given back with the rest.
    holding.set(letter.messageId, letter.receiptHandle);
    if (options.action === "discard") return discard(letter);
    if (isCut(letter)) return keep(letter, "only the beginning of its body is left");
    const ending = await endingOf(letter);
    if (ending === "ended" && options.discardEnded) return discard(letter, KEPT.ended);
    if (ending !== "living") return keep(letter, KEPT[ending]);
    await replay(letter);
  }

  function endingOf({ conversationId }: DeadLetter): Promise<Ending> {
    if (options.ending === undefined || conversationId === undefined) {
      return Promise.resolve("living");
    }
    return options.ending(conversationId, { signal, priority: Priority.spare });
  }

  async function replay(letter: DeadLetter): Promise<void> {
    const { body, code, history } = letter;
    const { origin } = letter;
    const reason = origin.by === "worker" ? origin.reason : undefined;
    const at = new Date(now()).toISOString();
    const firstAt =
      reason?.firstAt ?? history?.firstAt ?? new Date(letter.happenedAt).toISOString();
    const before = { replayed: history?.count, replays: history?.replays };
    const json = fitHistory(
      body,
      replayedOnce(before, firstAt, { run: run.run, at, code }),
      options.largestBytes,
    );
    if (json === undefined) return keep(letter, "no room for its history: it could circle");
    await options.turn();
    if (signal.aborted) return;
    await queue.putBack(body, json);
    audit(auditLine(run, now(), letter, "replayed"));
    replayed += 1;
    await finish(letter);
  }

  async function discard(letter: DeadLetter, because?: string): Promise<void> {
    await options.turn();
    if (signal.aborted) return;
    audit(auditLine(run, now(), letter, "discarded", because));
    await finish(letter);
    discarded += 1;
  }

  async function finish(letter: DeadLetter): Promise<void> {
    await queue.delete(letter);
    holding.delete(letter.messageId);
    progress();
  }

  function keep(letter: DeadLetter, because: string): void {
    audit(auditLine(run, now(), letter, "kept" satisfies Done, because));
    kept.set(because, (kept.get(because) ?? 0) + 1);
    progress();
  }

  function progress(): void {
    const keptInAll = [...kept.values()].reduce((sum, count) => sum + count, 0);
    options.progress(replayed + discarded + keptInAll);
  }

  const tooMany = () => cameBack > options.stopShare * replayed;
  const stopped = () => replayed >= SAMPLE && tooMany();

  let empty = 0;
  while (chosen.size + released.size > 0 && !signal.aborted && !stopped()) {
    await releaseSome();
    const letters = await queue.receive(WAIT_SECONDS);
    empty = letters.length === 0 ? empty + 1 : 0;
    if (empty >= EMPTY_AT_MOST) {
      missing += released.size;
      released.clear();
      empty = 0;
    }
    await settle(letters);
  }
  const watchedUntil = now() + options.watchMs;
  while (replayed > 0 && now() < watchedUntil && !signal.aborted && !stopped()) {
    await settle(await queue.receive(WAIT_SECONDS));
  }
  return {
    replayed,
    discarded,
    kept: Object.fromEntries(kept),
    cameBack,
    missing,
    end: signal.aborted ? "interrupted" : tooMany() ? "came back" : "done",
  };
}
