import { LRUCache } from "lru-cache";
import {
  type FleetMemory,
  type KnownConversation,
  type SessionKey,
  sessionKey,
} from "../domain/conversation/fleet-memory.ts";
import {
  hasEnded,
  isSession,
  keepLaterReference,
  mergeSession,
  type Session,
  type SessionNews,
} from "../domain/conversation/session.ts";
import type { ConversationId, ParticipantId } from "../domain/event/ids.ts";
import type { CustomerBody } from "../domain/event/read-event.ts";
import type { Reference } from "../domain/identity/identity.ts";
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

/** The participant of an `attributes` event. */
interface CollectedFrom {
  readonly conversationId: ConversationId;
  readonly participantId: ParticipantId;
  readonly communications?:
    | readonly { readonly id: string; readonly mediaType?: string | undefined }[]
    | undefined;
}

/** What this worker knows of conversations, shared with its fleet if there is one. The oldest are forgotten. */
export interface ConversationStore {
  conversation(id: ConversationId): Conversation;
  session(body: CustomerBody): Session;
  /**
   * Keeps a reference that a flow collected from a participant, and tells the fleet.
   * @param at when the flow stored it
   * @returns the session to which it belongs: the latest one of the participant that has not ended, if one
   * is known. Undefined if a later reference is known.
   */
  keepReference(
    of: CollectedFrom,
    reference: Reference,
    at: EpochMs,
  ): Promise<CustomerBody | undefined>;
  /** What is known of a participant and belongs to none of its sessions: its reference, and its contact. */
  recordOf(body: CustomerBody): Session | undefined;
  /**
   * The body with the session to which it belongs if it names none: the latest one of the participant that
   * has not ended. Unchanged if none is known.
   */
  atSession(body: CustomerBody): CustomerBody;
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

  function atSession(body: CustomerBody): CustomerBody {
    if (body.sessionId !== undefined) return body;
    const id = currentSession(conversation(body.conversationId), body.participantId);
    // The key of a session was made of its id.
    return id ? { ...body, sessionId: id as NonNullable<CustomerBody["sessionId"]> } : body;
  }

  return {
    conversation,
    session: (body) => sessionAt(body.conversationId, sessionKey(body), body.participantId),
    sessionsOf(id, participant) {
      const { sessions } = conversation(id);
      return [...sessions.values()].filter((session) => session.participantId === participant);
    },
    async keepReference(of, reference, at) {
      const { conversationId, participantId } = of;
      const kept: CustomerBody = { conversationId, participantId };
      const record = sessionAt(conversationId, sessionKey(kept), participantId);
      keepLaterReference(record, { reference, referenceAt: at });
      await share(conversationId, kept);
      if (record.reference !== reference) return undefined;
      const body = atSession(kept);
      const { communications } = of;
      const session =
        communications?.find(({ id }) => id === body.sessionId) ?? communications?.[0];
      return { ...body, mediaType: session?.mediaType };
    },
    atSession,
    recordOf({ conversationId, participantId }) {
      const record: CustomerBody = { conversationId, participantId };
      return conversation(conversationId).sessions.get(sessionKey(record));
    },
    shared: fleet !== undefined,
    share,
    wasHandled: (envelopeId) => envelopes.has(envelopeId),
    markHandled(envelopeId) {
      envelopes.set(envelopeId, true);
    },
  };

  async function share(
    id: ConversationId,
    body?: CustomerBody,
    claim: Claim = {},
  ): Promise<string | undefined> {
    if (fleet === undefined) return undefined;
    const { agentAt } = conversation(id);
    const key = body && sessionKey(body);
    const news = key && body && newsOf(sessionAt(id, key, body.participantId));
    const session = key && news && { key, news, ...claim };
    const known = await fleet.exchange(id, { agentAt, session });
    if (known === undefined) return undefined;
    merge(id, known);
    return key && known.sessions.get(key)?.claimedBy;
  }
}

/** A key begins with the participant's id, which holds no slash. */
function participantOf(key: SessionKey): ParticipantId {
  return key.slice(0, key.indexOf("/")) as ParticipantId;
}

/** The id of the participant's latest session, if possible one that goes on; "" or undefined if none is known. */
function currentSession(
  { sessions }: Conversation,
  participant: ParticipantId,
): string | undefined {
  const seen = [...sessions].filter(
    ([, session]) => session.participantId === participant && isSession(session),
  );
  const [current] = seen.toSorted(
    ([, a], [, b]) =>
      Number(hasEnded(a)) - Number(hasEnded(b)) || (b.startedAt ?? -1) - (a.startedAt ?? -1),
  );
  return current?.[0].slice(participant.length + 1);
}

function newsOf(session: Session): SessionNews {
  const {
    participantId: _,
    ownerMessageId: _id,
    ownedBy: _by,
    confirmedAt: _at,
    ...news
  } = session;
  return news;
}
