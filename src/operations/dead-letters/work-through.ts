import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { DeadLetter } from "./read-dead-letter.ts";
import { HELD_AT_MOST, type Holding, makeVisible } from "./scan.ts";
import type { Treatment, TreatmentCounts } from "./treatment.ts";

export interface WorkDeps {
  readonly queue: DeadLetterQueue;
  /** The letters that are meant; each leaves it when its turn comes. */
  readonly chosen: Holding;
  /** All other letters that are held, so that only what is new comes to light. */
  readonly holding: Holding;
  /** Whether a letter is meant that was not seen before; undefined where all were seen. */
  readonly alsoMeant: ((letter: DeadLetter) => boolean) | undefined;
  readonly treatment: Treatment;
  /** Id of this run, as the history of a replayed letter names it. */
  readonly run: string;
  /** More than this share of the replayed coming straight back ends the run; from 0 to 1. */
  readonly stopShare: number;
  /** How long it looks after the last replay for letters that come straight back, in ms. */
  readonly watchMs: number;
  /** Told how many letters are dealt with. */
  readonly progress: (dealtWith: number) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What became of the letters that were meant. */
export interface WorkOutcome extends Readonly<TreatmentCounts> {
  /** Replayed in this run and dead again already. */
  readonly cameBack: number;
  /** Meant, but received by somebody else meanwhile. */
  readonly missing: number;
  readonly end: "done" | "came back" | "interrupted";
}

const AT_ONCE = 10;
const WAIT_SECONDS = 1;
/** A released letter that three empty long polls, or 300 of new letters, do not bring is gone. */
const PATIENCE = 300;
const EMPTY_POLL = 100;
/** Fewer replays than this prove nothing yet. */
const SAMPLE = 10;

/**
 * Deals with the chosen letters, ten at a time: each is made visible, received anew (with its body,
 * which was not kept) and treated. All others are held, so that what else comes to light is new: a
 * letter of this run that came straight back is noticed at once.
 * @throws {Failure} at the first failure of a queue or of Genesys; nothing is lost then.
 */
export async function workThrough(options: WorkDeps): Promise<WorkOutcome> {
  const { queue, chosen, holding, treatment, signal, now } = options;
  const { tally } = treatment;
  const released = new Set<string>();
  let dealtWith = 0;
  let cameBack = 0;
  let missing = 0;
  let fruitless = 0;

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
    await makeVisible(queue, some);
  }

  /** Whether a letter is to be dealt with now. */
  function isMine(letter: DeadLetter): boolean {
    const { messageId } = letter;
    if (released.delete(messageId) || chosen.delete(messageId)) return true;
    return !holding.has(messageId) && isNewAndMine(letter);
  }

  function isNewAndMine(letter: DeadLetter): boolean {
    if (letter.history?.replays.at(-1)?.run === options.run) {
      cameBack += 1;
      return false;
    }
    return options.alsoMeant?.(letter) === true && yieldPlace();
  }

  /** No more letters than were confirmed: for one that is met by chance, another one waits. */
  function yieldPlace(): boolean {
    for (const [id, handle] of chosen) {
      chosen.delete(id);
      holding.set(id, handle);
      return true;
    }
    return false;
  }

  /**
   * Deals with what was received and is meant; waits for all of it before it fails.
   * @returns whether any of it was known: meant, or held until its time was over.
   */
  async function settle(letters: readonly DeadLetter[]): Promise<boolean> {
    const heldBefore = letters.some(({ messageId }) => holding.has(messageId));
    const mine = letters.filter(isMine);
    for (const { messageId, receiptHandle } of letters) {
      if (holding.has(messageId) || holding.size < HELD_AT_MOST)
        holding.set(messageId, receiptHandle);
    }
    const ends = await Promise.allSettled(
      mine.map(async (letter) => {
        if (await treatment.treat(letter)) holding.delete(letter.messageId);
        dealtWith += 1;
        options.progress(dealtWith);
      }),
    );
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return mine.length > 0 || heldBefore;
  }

  function wait(known: boolean, received: number): void {
    fruitless = known ? 0 : fruitless + (received === 0 ? EMPTY_POLL : 1);
    if (fruitless < PATIENCE) return;
    missing += released.size;
    released.clear();
    fruitless = 0;
  }

  const tooMany = () => cameBack > options.stopShare * tally.replayed;
  const goesOn = () => !signal.aborted && !(tally.replayed >= SAMPLE && tooMany());

  while (chosen.size + released.size > 0 && goesOn()) {
    await releaseSome();
    const letters = await queue.receive(WAIT_SECONDS);
    wait(await settle(letters), letters.length);
  }
  const watchedUntil = now() + options.watchMs;
  while (tally.replayed > 0 && now() < watchedUntil && goesOn()) {
    await settle(await queue.receive(WAIT_SECONDS));
  }
  const end = signal.aborted ? "interrupted" : tooMany() ? "came back" : "done";
  return { ...tally, cameBack, missing, end };
}
