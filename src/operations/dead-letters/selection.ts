import type { DeadLetter } from "./read-dead-letter.ts";
import { type DlqSession, type HeldMessages, MAX_HELD, releaseAll } from "./session.ts";

export interface SelectionOptions {
  readonly session: DlqSession;
  /** Selects messages that the scan did not see; undefined if the scan saw the whole queue. */
  readonly isSelected: ((message: DeadLetter) => boolean) | undefined;
  /** Id of this run. A message whose latest replay has this id came straight back. */
  readonly run: string;
}

/** Releases the selected messages a few at a time, and recognizes them when they are received again. */
export interface Selection {
  /** Whether a selected message is still to be received. */
  readonly hasMore: boolean;
  /** Messages of this run that were dead-lettered again. */
  readonly cameBack: number;
  /** Selected messages that another consumer received. */
  readonly missing: number;
  /** Makes the next selected messages visible. */
  releaseNext(): Promise<void>;
  /** Holds what was received. @returns the messages to process now */
  take(received: readonly DeadLetter[]): readonly DeadLetter[];
}

const RELEASED_AT_ONCE = 10;
/** Released messages count as missing after three empty long polls, or 300 polls of new messages. */
const MISSING_AFTER = 300;
const EMPTY_POLL = 100;

/** Changes `selected` and `held` of the session. */
export function createSelection({ session, isSelected, run }: SelectionOptions): Selection {
  const { queue, selected, held } = session;
  const released = new Set<string>();
  let cameBack = 0;
  let missing = 0;
  let fruitless = 0;

  function isToProcess(message: DeadLetter): boolean {
    const { messageId } = message;
    if (released.delete(messageId) || selected.delete(messageId)) return true;
    if (held.has(messageId)) return false;
    if (message.history?.replays.at(-1)?.run === run) {
      cameBack += 1;
      return false;
    }
    return isSelected?.(message) === true && replaceOne();
  }

  /** A new message replaces a selected one, so that no more are processed than were confirmed. */
  function replaceOne(): boolean {
    for (const [id, handle] of selected) {
      selected.delete(id);
      held.set(id, handle);
      return true;
    }
    return false;
  }

  function countFruitless(isKnown: boolean, isEmpty: boolean): void {
    fruitless = isKnown ? 0 : fruitless + (isEmpty ? EMPTY_POLL : 1);
    if (fruitless < MISSING_AFTER) return;
    missing += released.size;
    released.clear();
    fruitless = 0;
  }

  return {
    get hasMore() {
      return selected.size + released.size > 0;
    },
    get cameBack() {
      return cameBack;
    },
    get missing() {
      return missing;
    },
    async releaseNext() {
      const next: HeldMessages = new Map();
      for (const [id, handle] of selected) {
        if (released.size + next.size >= RELEASED_AT_ONCE) break;
        next.set(id, handle);
      }
      for (const id of next.keys()) {
        selected.delete(id);
        released.add(id);
      }
      await releaseAll(queue, next);
    },
    take(received) {
      const wasHeld = received.some(({ messageId }) => held.has(messageId));
      const toProcess = received.filter(isToProcess);
      for (const { messageId, receiptHandle } of received) {
        if (held.has(messageId) || held.size < MAX_HELD) held.set(messageId, receiptHandle);
      }
      countFruitless(wasHeld || toProcess.length > 0, received.length === 0);
      return toProcess;
    },
  };
}
