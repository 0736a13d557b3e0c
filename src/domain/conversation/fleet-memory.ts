import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { CustomerBody } from "../event/read-event.ts";
import type { SessionNews } from "./session.ts";

/** Names a session within its conversation; events that name no session share one. */
export type SessionKey = `${ParticipantId}/${string}`;

/** [pure] */
export function sessionKey(body: CustomerBody): SessionKey {
  return `${body.participantId}/${body.sessionId ?? ""}`;
}

/** What one worker tells the others of a conversation. */
export interface ConversationNews {
  /** When the first agent connected, epoch ms. */
  readonly agentAt?: number | undefined;
  readonly session?:
    | {
        readonly key: SessionKey;
        readonly news: SessionNews;
        /** The message that is about to be worked on: no other may carry this session for two minutes. */
        readonly claim?: string | undefined;
        /** The message whose work is over. */
        readonly release?: string | undefined;
      }
    | undefined;
}

/** What all workers together know of a conversation. */
export interface KnownConversation {
  readonly agentAt?: number | undefined;
  readonly sessions: ReadonlyMap<SessionKey, SessionNews & { readonly claimedBy?: string }>;
}

/** What a fleet remembers together. */
export interface FleetMemory {
  /**
   * Tells what is new and learns what all know, in one step: of two workers that do so at once, the
   * second learns of the first. Never rejects; undefined where the memory cannot be reached.
   */
  exchange(id: ConversationId, news: ConversationNews): Promise<KnownConversation | undefined>;
}
