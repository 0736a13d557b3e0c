import { after, elapsed, type MonotonicMs } from "../domain/time.ts";
import type { MessageSettler } from "./message-settler.ts";
import type { ReceivedMessage } from "./received.ts";

/** Keeps messages invisible to others for as long as they are held. */
export interface Visibility {
  hold(message: ReceivedMessage): void;
  release(message: ReceivedMessage): void;
  /** The message of this id, if it is held. */
  held(messageId: string): ReceivedMessage | undefined;
  readonly size: number;
  close(): void;
}

interface Hold {
  readonly message: ReceivedMessage;
  readonly since: MonotonicMs;
  extendAt: MonotonicMs;
}

/** A message that was held for minutes may be hidden for two more after its worker was killed. */
const LONGEST_MS = 120_000;
/** SQS makes a message visible 12 h after its receive at the latest: it is recognised then. */
const GIVE_UP_MS = 11 * 3_600_000;

/**
 * Extends the visibility timeout of every held message in time. The messages of a worker that dies
 * are visible within `seconds`, or within two minutes if they were held for long.
 * @param failed called with the error of an extension; the message may then be received twice
 */
export function createVisibility(
  settler: Pick<MessageSettler, "hide">,
  seconds: number,
  failed: (error: unknown) => void,
  now: () => MonotonicMs,
): Visibility {
  const holds = new Map<string, Hold>();
  const stepMs = (seconds * 1000) / 3;

  function extend(hold: Hold, at: MonotonicMs): void {
    const heldMs = elapsed(hold.since, at);
    if (at < hold.extendAt || heldMs > GIVE_UP_MS) return;
    const forMs = Math.min(LONGEST_MS, Math.max(seconds * 1000, heldMs));
    hold.extendAt = after(at, forMs / 2);
    settler.hide(hold.message, forMs).catch((error) => {
      if (holds.has(hold.message.messageId)) failed(error);
    });
  }

  const timer = setInterval(() => {
    const at = now();
    for (const hold of holds.values()) extend(hold, at);
  }, stepMs);

  return {
    hold(message) {
      const since = now();
      holds.set(message.messageId, { message, since, extendAt: after(since, stepMs) });
    },
    release(message) {
      holds.delete(message.messageId);
    },
    held: (messageId) => holds.get(messageId)?.message,
    get size() {
      return holds.size;
    },
    close() {
      clearInterval(timer);
    },
  };
}
