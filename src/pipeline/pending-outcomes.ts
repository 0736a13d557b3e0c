import type { MessageOutcome } from "./message-outcome.ts";

/** The messages whose outcome is awaited. */
export interface PendingOutcomes {
  /** Resolves with the outcome of the message. */
  add(messageId: string): Promise<MessageOutcome>;
  resolve(messageId: string, outcome: MessageOutcome): void;
  /** Resolves when every outcome that is awaited now is known. */
  all(): Promise<void>;
}

export function createPendingOutcomes(): PendingOutcomes {
  const pending = new Map<string, PromiseWithResolvers<MessageOutcome>>();
  return {
    add(messageId) {
      const outcome = Promise.withResolvers<MessageOutcome>();
      pending.set(messageId, outcome);
      return outcome.promise;
    },
    resolve(messageId, outcome) {
      pending.get(messageId)?.resolve(outcome);
      pending.delete(messageId);
    },
    async all() {
      await Promise.all([...pending.values()].map(({ promise }) => promise));
    },
  };
}
