import { LRUCache } from "lru-cache";
import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { CustomerBody } from "../event/read-event.ts";
import type { Session } from "../route/session.ts";

/** What is known of one conversation. */
export interface Conversation {
  /** When the first agent connected, epoch ms. */
  agentAt?: number;
  readonly sessions: Map<string, Session>;
}

/** What this worker remembers of the conversations that it has seen; the oldest are forgotten. */
export interface Ledger {
  conversation(id: ConversationId): Conversation;
  session(body: CustomerBody): Session;
  /** The sessions of a participant, for events that name no session. */
  sessionsOf(id: ConversationId, participant: ParticipantId): readonly Session[];
  /** Whether the event of this envelope was dealt with; a dead letter's was not. */
  isSettled(envelopeId: string): boolean;
  settled(envelopeId: string): void;
}

const CONVERSATIONS = 20_000;
const ENVELOPES = 100_000;

/** The memory of one worker. */
export function createLedger(): Ledger {
  const conversations = new LRUCache<ConversationId, Conversation>({ max: CONVERSATIONS });
  const envelopes = new LRUCache<string, true>({ max: ENVELOPES });

  function conversation(id: ConversationId): Conversation {
    const known = conversations.get(id);
    if (known !== undefined) return known;
    const created: Conversation = { sessions: new Map() };
    conversations.set(id, created);
    return created;
  }

  return {
    conversation,
    session(body) {
      const { sessions } = conversation(body.conversationId);
      const key = `${body.participantId}/${body.sessionId ?? ""}`;
      const known = sessions.get(key);
      if (known !== undefined) return known;
      const created: Session = { participantId: body.participantId, attempts: 0 };
      sessions.set(key, created);
      return created;
    },
    sessionsOf(id, participant) {
      const { sessions } = conversation(id);
      return [...sessions.values()].filter((session) => session.participantId === participant);
    },
    isSettled: (envelopeId) => envelopes.has(envelopeId),
    settled(envelopeId) {
      envelopes.set(envelopeId, true);
    },
  };
}
