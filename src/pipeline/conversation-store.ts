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
import type { EpochMs } from "../domain/time.ts";

/** What is known of one conversation. */
export interface Conversation {
  /** When the first agent connected. */
  agentAt?: EpochMs;
  readonly sessions: Map<SessionKey, Session>;
}

/** Which message owns a session's enrichment in the fleet, from now on or no longer. */
interface Claim {
  readonly claim?: string;
  readonly release?: string;
}

/** What this worker knows of conversations, shared with its fleet if there is one. The oldest are forgotten. */
export interface ConversationStore {
  conversation(id: ConversationId): Conversation;
  session(body: CustomerBody): Session;
  /** The sessions of a participant, for events that name no session. */
  sessionsOf(id: ConversationId, participant: ParticipantId): readonly Session[];
  /**
   * Tells the fleet what is known here of a conversation (and of the session), and merges what the
   * fleet knows. Without a fleet, or if it cannot be reached, nothing changes. Never rejects.
   * @returns the message that owns the session in the fleet, if one does
   */
  share(id: ConversationId, body?: CustomerBody, claim?: Claim): Promise<string | undefined>;
  /** Whether there is a fleet. */
  readonly shared: boolean;
  /**
   * Whether the event of this envelope was handled. False for a dead letter, and for a duplicate that
   * was deleted because another message owns the enrichment: that one may yet come back.
   */
  wasHandled(envelopeId: string): boolean;
  markHandled(envelopeId: string): void;
}

const CONVERSATIONS = 20_000;
const ENVELOPES = 100_000;

/** The store of one worker. @param fleet undefined if the worker is alone */
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
    const created: Session = { participantId, attempts: 0, generation: 0 };
    sessions.set(key, created);
    return created;
  }

  function merge(id: ConversationId, known: KnownConversation): void {
    const own = conversation(id);
    if (known.agentAt !== undefined) own.agentAt = known.agentAt;
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
      const key = body && sessionKey(body);
      const news = key && body && newsOf(sessionAt(id, key, body.participantId));
      const session = key && news && { key, news, ...claim };
      const known = await fleet.exchange(id, { agentAt, session });
      if (known === undefined) return undefined;
      merge(id, known);
      return key && known.sessions.get(key)?.claimedBy;
    },
    wasHandled: (envelopeId) => envelopes.has(envelopeId),
    markHandled(envelopeId) {
      envelopes.set(envelopeId, true);
    },
  };
}

/** A key begins with the participant's id, which holds no slash. */
function participantOf(key: SessionKey): ParticipantId {
  return key.slice(0, key.indexOf("/")) as ParticipantId;
}

function newsOf(session: Session): SessionNews {
  const { participantId: _, ownerMessageId: _owner, confirmedAt: _confirmedAt, ...news } = session;
  return news;
}
