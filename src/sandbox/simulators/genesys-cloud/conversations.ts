import type { Models } from "purecloud-platform-client-v2";

/** A conversation with its customer. */
export interface SandboxConversation {
  readonly conversationId: string;
  /** The customer's participant. */
  readonly participantId: string;
  readonly sessionId?: string;
  /** In the form of events, for example `VOICE`. */
  readonly mediaType?: string;
  /** The customer's address, in the form of the Platform API: `tel:+15550199999`, `ada@example.com`. */
  readonly address?: string;
  /** Attributes that a flow wrote before. */
  readonly attributes?: Readonly<Record<string, string>>;
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
      const before = entry.customers.get(participantId)?.attributes;
      entry.customers.set(participantId, {
        conversation,
        attributes: { ...before, ...attributes },
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
    end(conversationId) {
      const found = known.get(conversationId);
      if (found !== undefined) found.endedAt = now();
    },
    describe(conversationId) {
      const found = known.get(conversationId);
      if (found === undefined) return undefined;
      const { startedAt, endedAt, customers } = found;
      const end = endedAt === undefined ? {} : { endTime: new Date(endedAt).toISOString() };
      return {
        id: conversationId,
        startTime: new Date(startedAt).toISOString(),
        ...end,
        participants: [...customers].map(([id, { conversation, attributes }]) => ({
          id,
          purpose: "customer",
          attributes,
          ...mediaOf(conversation),
          ...end,
        })),
        selfUri: `/api/v2/conversations/${conversationId}`,
      };
    },
  };
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
  readonly conversation: SandboxConversation;
  attributes: SimulatedAttributes;
}
