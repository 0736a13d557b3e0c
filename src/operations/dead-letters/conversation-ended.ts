import { LRUCache } from "lru-cache";
import type { Call } from "../../domain/call.ts";
import { conversationId } from "../../domain/event/ids.ts";
import { Failure } from "../../domain/failure.ts";
import type {
  ConversationDirectory,
  ParticipantState,
  ParticipantStates,
} from "../../domain/ports/participant-attributes.ts";

/**
 * Whether the participant of a message has left. `unknown`: Genesys does not know the conversation.
 * `unchecked`: Genesys did not answer.
 */
export type ConversationEnd = ParticipantState | "unknown" | "unchecked";

/** The conversation of a message, and its participant if the message names one. */
interface MessageParticipant {
  readonly conversationId: string;
  readonly participantId: string | undefined;
}

/** @throws {Failure} */
export type CheckEnded = (of: MessageParticipant, call: Call) => Promise<ConversationEnd>;

const CACHED_STATES = 10_000;
/** Fewer failures in a row leave their messages in the queue; this many mean that Genesys is down. */
const MAX_FAILURES_IN_A_ROW = 5;

/**
 * Asks Genesys once for each conversation.
 * @throws {Failure} the check rejects if the configuration is wrong, or after five failures in a row.
 */
export function checkEndedWith(directory: ConversationDirectory): CheckEnded {
  const known = new LRUCache<string, Promise<{ readonly states: ParticipantStates | undefined }>>({
    max: CACHED_STATES,
  });
  let failuresInARow = 0;

  async function read(id: string, call: Call) {
    return { states: await directory.states(conversationId.parse(id), call) };
  }

  function statesOf(id: string, call: Call) {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const requested = read(id, call);
    known.set(id, requested);
    return requested;
  }

  return async ({ conversationId: id, participantId }, call) => {
    if (!conversationId.safeParse(id).success) return "unknown";
    try {
      const { states } = await statesOf(id, call);
      failuresInARow = 0;
      return states?.(participantId) ?? "unknown";
    } catch (error) {
      known.delete(id);
      failuresInARow += 1;
      const isTransient = error instanceof Failure && error.kind === "retryable";
      if (!isTransient || failuresInARow >= MAX_FAILURES_IN_A_ROW) throw error;
      return "unchecked";
    }
  };
}
