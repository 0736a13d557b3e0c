import { LRUCache } from "lru-cache";
import type { Call } from "../../domain/call.ts";
import { conversationId } from "../../domain/event/ids.ts";
import { Failure } from "../../domain/failure.ts";
import type {
  ConversationDirectory,
  ConversationState,
} from "../../domain/ports/participant-attributes.ts";

/** Whether a conversation has ended; `unasked` where nobody could say now. */
export type ConversationEnd = ConversationState | "unasked";

/** Knows of endings. Genesys is one source; shared state can be another. */
export type CheckEnded = (id: string, call: Call) => Promise<ConversationEnd>;

const REMEMBERED = 10_000;
/** One letter left alone is no harm; this many in a row mean that nobody answers. */
const UNASKED_AT_MOST = 5;

/**
 * Asks Genesys, once for each conversation.
 * @throws {Failure} where the set-up is wrong, and where Genesys fails again and again.
 */
export function checkEndedWith(directory: ConversationDirectory): CheckEnded {
  const states = new LRUCache<string, Promise<ConversationState>>({ max: REMEMBERED });
  let unasked = 0;

  function state(id: string, call: Call): Promise<ConversationState> {
    const known = states.get(id);
    if (known !== undefined) return known;
    const asked = directory.state(conversationId.parse(id), call);
    states.set(id, asked);
    return asked;
  }

  return async (id, call) => {
    if (!conversationId.safeParse(id).success) return "unknown";
    try {
      const known = await state(id, call);
      unasked = 0;
      return known;
    } catch (error) {
      states.delete(id);
      unasked += 1;
      const passing = error instanceof Failure && error.kind === "retryable";
      if (!passing || unasked >= UNASKED_AT_MOST) throw error;
      return "unasked";
    }
  };
}
