import type { Models } from "purecloud-platform-client-v2";

/** A participant of a conversation: by default its customer. */
export interface SandboxConversation {
  readonly conversationId: string;
  readonly participantId: string;
  readonly sessionId?: string;
  /** In the form of events, for example `VOICE`. */
  readonly mediaType?: string;
  /** The participant's address, in the form of the Platform API: `tel:+15550199999`, `ada@example.com`. */
  readonly address?: string;
  /** Attributes that a flow wrote before. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Fields of the participant in the form of the Platform API. They replace those that follow from the others. */
  readonly participant?: Models.Participant;
}

export type SimulatedAttributes = Readonly<Record<string, string>>;

/** The conversations of one simulator and the attributes of their customers. */
export interface Conversations {
  /** Adds a conversation, or a further participant to a known conversation. */
  add(conversation: SandboxConversation): void;
  find(conversationId: string, participantId: string): SandboxConversation | undefined;
  /**
   * Writes attributes. Others stay unchanged.
   * @returns all attributes after the write, or undefined if there is no such participant
   */
  merge(
    conversationId: string,
    participantId: string,
    written: SimulatedAttributes,
  ): SimulatedAttributes | undefined;
  attributesOf(conversationId: string, participantId: string): SimulatedAttributes | undefined;
  /** A participant leaves: sets its `endTime`. */
  leave(conversationId: string, participantId: string): void;
  /** Ends the conversation for all participants. */
  end(conversationId: string): void;
  /** In the form of `GET /api/v2/conversations/{conversationId}`. */
  describe(conversationId: string): Models.Conversation | undefined;
}

/** @param now epoch ms */
export function createConversations(now: () => number): Conversations {
  const known = new Map<string, Known>();

  function customer(conversationId: string, participantId: string): Customer | undefined {
    return known.get(conversationId)?.customers.get(participantId);
  }

  return {
    add(conversation) {
      const { conversationId, participantId, attributes } = conversation;
      const entry: Known = known.get(conversationId) ?? {
        startedAt: now(),
        customers: new Map(),
      };
      known.set(conversationId, entry);
      const before = entry.customers.get(participantId);
      entry.customers.set(participantId, {
        startedAt: now(),
        ...before,
        conversation,
        attributes: { ...before?.attributes, ...attributes },
      });
    },
    find: (conversationId, participantId) => customer(conversationId, participantId)?.conversation,
    merge(conversationId, participantId, written) {
      const found = customer(conversationId, participantId);
      if (found === undefined) return undefined;
      found.attributes = { ...found.attributes, ...written };
      return found.attributes;
    },
    attributesOf: (conversationId, participantId) =>
      customer(conversationId, participantId)?.attributes,
    leave(conversationId, participantId) {
      const found = customer(conversationId, participantId);
      if (found !== undefined) found.endedAt = now();
    },
    end(conversationId) {
      const found = known.get(conversationId);
      if (found !== undefined) found.endedAt = now();
    },
    describe(conversationId) {
      const found = known.get(conversationId);
      if (found === undefined) return undefined;
      const { startedAt, endedAt, customers } = found;
      return {
        id: conversationId,
        startTime: isoTime(startedAt),
        ...endOf(endedAt),
        participants: [...customers].map(([id, one]) => ({
          id,
          purpose: "customer",
          startTime: isoTime(one.startedAt),
          ...mediaOf(one.conversation),
          ...endOf(one.endedAt ?? endedAt),
          ...one.conversation.participant,
          attributes: one.attributes,
        })),
        selfUri: `/api/v2/conversations/${conversationId}`,
      };
    },
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function endOf(at: number | undefined): { readonly endTime?: string } {
  return at === undefined ? {} : { endTime: isoTime(at) };
}

/** The fields of inbound voice and email that identify the customer. */
function mediaOf({ mediaType, address }: SandboxConversation): Models.Participant {
  if (address === undefined) return {};
  if (mediaType === "EMAIL") return { address, emails: [{ direction: "inbound" }] };
  if (mediaType !== "VOICE") return { address };
  return { address, ani: address, calls: [{ direction: "inbound" }] };
}

interface Known {
  readonly startedAt: number;
  endedAt?: number;
  readonly customers: Map<string, Customer>;
}

interface Customer {
  readonly startedAt: number;
  endedAt?: number;
  readonly conversation: SandboxConversation;
  attributes: SimulatedAttributes;
}
