import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { CustomerBody } from "../event/read-event.ts";
import type { EpochMs } from "../time.ts";
import type { SessionNews } from "./session.ts";

/** Names a session within its conversation; events that name no session share one. */
export type SessionKey = `${ParticipantId}/${string}`;

/** [pure] */
export function sessionKey(body: CustomerBody): SessionKey {
  return `${body.participantId}/${body.sessionId ?? ""}`;
}

/** What one worker tells the others of a conversation. */
export interface ConversationNews {
  /** When the first agent connected. */
  readonly agentAt?: EpochMs | undefined;
  readonly session?:
    | {
        readonly key: SessionKey;
        readonly news: SessionNews;
        /** The message that owns the session from now on, for two minutes unless it is renewed. */
        readonly claim?: string | undefined;
        /** The message that owns the session no longer. */
        readonly release?: string | undefined;
      }
    | undefined;
}

/** What all workers together know of a conversation. */
export interface KnownConversation {
  readonly agentAt?: EpochMs | undefined;
  readonly sessions: ReadonlyMap<SessionKey, SessionNews & { readonly claimedBy?: string }>;
}

/** The port to what a fleet knows of conversations. */
export interface FleetMemory {
  /**
   * Tells the fleet what is new and returns what it knows, in one atomic step. Never rejects; returns
   * undefined if the shared memory cannot be reached.
   */
  exchange(id: ConversationId, news: ConversationNews): Promise<KnownConversation | undefined>;
}
