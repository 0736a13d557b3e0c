import type { Acknowledge } from "./acknowledge.ts";
import type { Received } from "./received.ts";

export interface Visibility {
  /** Keeps a message invisible to others for as long as it is held. */
  hold(message: Received): void;
  release(message: Received): void;
  /** The message of this id, where it is held. */
  held(messageId: string): Received | undefined;
  readonly size: number;
  close(): void;
}

/**
 * Extends the visibility of every held message three times in each period: a worker that dies gives
 * its messages back within `seconds`, one that lives keeps them however long they wait.
 * @param failed told of an extension that failed; the message may then be received twice.
 */
export function createVisibility(
  acknowledge: Pick<Acknowledge, "later">,
  seconds: number,
  failed: (error: unknown) => void,
): Visibility {
  const messages = new Map<string, Received>();
  const timer = setInterval(
    () => {
      for (const message of messages.values()) {
        acknowledge.later(message, seconds * 1000).catch((error) => {
          if (messages.has(message.messageId)) failed(error);
        });
      }
    },
    (seconds * 1000) / 3,
  );

  return {
    hold(message) {
      messages.set(message.messageId, message);
    },
    release(message) {
      messages.delete(message.messageId);
    },
    held: (messageId) => messages.get(messageId),
    get size() {
      return messages.size;
    },
    close() {
      clearInterval(timer);
    },
  };
}
