import { LRUCache } from "lru-cache";
import {
  type FleetMemory,
  type KnownConversation,
  type SessionKey,
  sessionKey,
} from "../domain/conversation/fleet-memory.ts";
import { mergeSession, type Session, type SessionNews } from "../domain/conversation/session.ts";
import type { ConversationId, ParticipantId } from "../domain/event/ids.ts";
import type { CustomerBody } from "../domain/event/read-event.ts";

/** What is known of one conversation. */
export interface Conversation {
  /** When the first agent connected, epoch ms. */
  agentAt?: number;
  readonly sessions: Map<SessionKey, Session>;
}

/** Which message carries a session's enrichment, in the eyes of the fleet. */
export interface Claim {
  readonly claim?: string;
  readonly release?: string;
}

/** What this worker remembers of conversations; the oldest are forgotten. With a fleet, what all do. */
export interface ConversationStore {
  conversation(id: ConversationId): Conversation;
  session(body: CustomerBody): Session;
  /** The sessions of a participant, for events that name no session. */
  sessionsOf(id: ConversationId, participant: ParticipantId): readonly Session[];
  /**
   * Tells the fleet what is known here of a conversation (and of the session), and takes over what
   * the fleet knows. Without a fleet, or where it cannot be reached, nothing changes. Never rejects.
   * @returns the message that carries the session in the eyes of the fleet, where one does.
   */
  share(id: ConversationId, body?: CustomerBody, claim?: Claim): Promise<string | undefined>;
  /** Whether anybody else is told. */
  readonly shared: boolean;
  /**
   * Whether the event of this envelope was dealt with. A dead letter's was not, nor was a duplicate's
   * whose twin is still being carried: that twin may yet come back from the queue.
   */
  isSettled(envelopeId: string): boolean;
  settled(envelopeId: string): void;
}

const CONVERSATIONS = 20_000;
const ENVELOPES = 100_000;

/** The memory of one worker, and its way to the fleet's, where there is one. */
export function createConversationStore(fleet: FleetMemory | undefined): ConversationStore {
  const conversations = new LRUCache<ConversationId, Conversation>({ max: CONVERSATIONS });
  const envelopes = new LRUCache<string, true>({ max: ENVELOPES });

  function conversation(id: ConversationId): Conversation {
    const known = conversations.get(id);
    if (known !== undefined) return known;
    const created: Conversation = { sessions: new Map() };
    conversations.set(id, created);
    return created;
  }

  function sessionAt(id: ConversationId, key: SessionKey, participantId: ParticipantId): Session {
    const { sessions } = conversation(id);
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const created: Session = { participantId, attempts: 0, stretch: 0 };
    sessions.set(key, created);
    return created;
  }

  function learn(id: ConversationId, known: KnownConversation): void {
    const mine = conversation(id);
    if (known.agentAt !== undefined) mine.agentAt = known.agentAt;
    for (const [key, { claimedBy: _, ...news }] of known.sessions) {
      mergeSession(sessionAt(id, key, participantOf(key)), news);
    }
  }

  return {
    conversation,
    session: (body) => sessionAt(body.conversationId, sessionKey(body), body.participantId),
    sessionsOf(id, participant) {
      const { sessions } = conversation(id);
      return [...sessions.values()].filter((session) => session.participantId === participant);
    },
    shared: fleet !== undefined,
    async share(id, body, claim = {}) {
      if (fleet === undefined) return undefined;
      const { agentAt } = conversation(id);
      const key = body === undefined ? undefined : sessionKey(body);
      const session =
        body === undefined ? undefined : sessionAt(id, sessionKey(body), body.participantId);
      const known = await fleet.exchange(id, {
        agentAt,
        session:
          key === undefined || session === undefined
            ? undefined
            : { key, news: newsOf(session), ...claim },
      });
      if (known === undefined) return undefined;
      learn(id, known);
      return key === undefined ? undefined : known.sessions.get(key)?.claimedBy;
    },
    isSettled: (envelopeId) => envelopes.has(envelopeId),
    settled(envelopeId) {
      envelopes.set(envelopeId, true);
    },
  };
}

/** A key begins with the participant's id, which holds no slash. */
function participantOf(key: SessionKey): ParticipantId {
  return key.slice(0, key.indexOf("/")) as ParticipantId;
}

function newsOf(session: Session): SessionNews {
  const {
    participantId: _,
    ownerMessageId: _carriedBy,
    confirmedAt: _confirmedAt,
    ...news
  } = session;
  return news;
}
