import type { Call } from "../call.ts";
import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { ContactAddresses, ParticipantAddresses } from "../identity/customer.ts";
import type { Attributes } from "../summary/summarise.ts";

/** The port to Genesys Cloud: where a summary is written. */
export interface ParticipantAttributes {
  /**
   * Merges the attributes into the participant's own; other names stay. Resolves when Genesys has
   * accepted them (202), which is before they can be read.
   * @throws {Failure}
   */
  write(to: Participant, attributes: Attributes, call: Call): Promise<void>;
}

export interface Participant {
  readonly conversationId: ConversationId;
  readonly participantId: ParticipantId;
}

/** The port to Genesys Cloud's external contacts. */
export interface ContactDirectory {
  /**
   * How a contact can be reached, in the order in which they identify it best. Undefined where
   * Genesys does not know the contact.
   * @throws {Failure}
   */
  find(contactId: string, call: Call): Promise<ContactAddresses | undefined>;
}

/** Who the customer of a conversation is, as Genesys Cloud knows it now. */
export interface ConversationCustomer {
  readonly addresses: ParticipantAddresses;
  /** An external contact of Genesys Cloud. */
  readonly contactId: string | undefined;
}

/** The port to Genesys Cloud's conversations: who the customer is. */
export interface CustomerDirectory {
  /**
   * Undefined where Genesys knows no such conversation, or nobody of the customer's side in it.
   * @throws {Failure}
   */
  find(conversationId: ConversationId, call: Call): Promise<ConversationCustomer | undefined>;
}

/**
 * - `ended`: nobody of the customer's side is there any more.
 * - `unknown`: Genesys does not know it: another org's, or long gone.
 */
export type ConversationState = "living" | "ended" | "unknown";

/** The port to Genesys Cloud's conversations: whether one still lives. */
export interface ConversationDirectory {
  /** @throws {Failure} */
  state(conversationId: ConversationId, call: Call): Promise<ConversationState>;
}
