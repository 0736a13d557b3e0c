import { LRUCache } from "lru-cache";
import type { Call } from "../../domain/call.ts";
import { conversationId } from "../../domain/event/ids.ts";
import { Failure } from "../../domain/failure.ts";
import type {
  ConversationDirectory,
  ConversationState,
} from "../../domain/ports/participant-attributes.ts";

/** Whether a conversation has ended; `unchecked` if Genesys did not answer. */
export type ConversationEnd = ConversationState | "unchecked";

/** @throws {Failure} */
export type CheckEnded = (id: string, call: Call) => Promise<ConversationEnd>;

const CACHED_STATES = 10_000;
/** Fewer failures in a row leave their messages in the queue; this many mean that Genesys is down. */
const MAX_FAILURES_IN_A_ROW = 5;

/**
 * Asks Genesys once for each conversation.
 * @throws {Failure} the check rejects if the configuration is wrong, or after five failures in a row.
 */
export function checkEndedWith(directory: ConversationDirectory): CheckEnded {
  const states = new LRUCache<string, Promise<ConversationState>>({ max: CACHED_STATES });
  let failuresInARow = 0;

  function stateOf(id: string, call: Call): Promise<ConversationState> {
    const cached = states.get(id);
    if (cached !== undefined) return cached;
    const requested = directory.state(conversationId.parse(id), call);
    states.set(id, requested);
    return requested;
  }

  return async (id, call) => {
    if (!conversationId.safeParse(id).success) return "unknown";
    try {
      const state = await stateOf(id, call);
      failuresInARow = 0;
      return state;
    } catch (error) {
      states.delete(id);
      failuresInARow += 1;
      const isTransient = error instanceof Failure && error.kind === "retryable";
      if (!isTransient || failuresInARow >= MAX_FAILURES_IN_A_ROW) throw error;
      return "unchecked";
    }
  };
}
