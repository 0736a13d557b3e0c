import type { Acknowledge } from "./acknowledge.ts";
import type { ReceivedMessage } from "./received.ts";

export interface Visibility {
  /** Keeps a message invisible to others for as long as it is held. */
  hold(message: ReceivedMessage): void;
  release(message: ReceivedMessage): void;
  /** The message of this id, where it is held. */
  held(messageId: string): ReceivedMessage | undefined;
  readonly size: number;
  close(): void;
}

interface Hold {
  readonly message: ReceivedMessage;
  readonly since: number;
  extendAt: number;
}

/** Who has waited for minutes can wait for two more where its worker was killed. */
const LONGEST_MS = 120_000;
/** SQS lets go of a message 12 h after its receive: it comes again then, and is recognised. */
const GIVE_UP_MS = 11 * 3_600_000;

/**
 * Extends the visibility of every held message in time: a worker that dies gives its messages back
 * within `seconds`, or two minutes where they have waited for long; one that lives keeps them.
 * @param failed told of an extension that failed; the message may then be received twice.
 */
export function createVisibility(
  acknowledge: Pick<Acknowledge, "later">,
  seconds: number,
  failed: (error: unknown) => void,
  now: () => number,
): Visibility {
  const holds = new Map<string, Hold>();
  const stepMs = (seconds * 1000) / 3;

  function extend(hold: Hold, at: number): void {
    const heldMs = at - hold.since;
    if (at < hold.extendAt || heldMs > GIVE_UP_MS) return;
    const forMs = Math.min(LONGEST_MS, Math.max(seconds * 1000, heldMs));
    hold.extendAt = at + forMs / 2;
    acknowledge.later(hold.message, forMs).catch((error) => {
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
      holds.set(message.messageId, { message, since, extendAt: since + stepMs });
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
