import type { Call } from "../call.ts";
import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { ContactAddresses, ParticipantAddresses } from "../identity/customer.ts";
import type { Attributes } from "../summary/summarise.ts";

/** The port to participant attributes in Genesys Cloud. */
export interface ParticipantAttributes {
  /**
   * Sets these attributes of the participant and keeps the others. Resolves when Genesys has accepted
   * them (202), which is before they can be read.
   * @throws {Failure}
   */
  write(to: Participant, attributes: Attributes, call: Call): Promise<void>;
}

interface Participant {
  readonly conversationId: ConversationId;
  readonly participantId: ParticipantId;
}

/** The port to external contacts in Genesys Cloud. */
export interface ContactDirectory {
  /**
   * The addresses of a contact, best identifier first. Undefined if Genesys does not know the contact.
   * @throws {Failure}
   */
  find(contactId: string, call: Call): Promise<ContactAddresses | undefined>;
}

/** The customer of a conversation, as Genesys Cloud has it now. */
export interface ConversationCustomer {
  readonly addresses: ParticipantAddresses;
  /** An external contact of Genesys Cloud. */
  readonly contactId: string | undefined;
}

/** The port to the customers of conversations in Genesys Cloud. */
export interface CustomerDirectory {
  /**
   * Undefined if Genesys does not know the conversation, or if it has no customer.
   * @throws {Failure}
   */
  find(conversationId: ConversationId, call: Call): Promise<ConversationCustomer | undefined>;
}

/**
 * - `living`: a customer is still connected.
 * - `ended`: no customer is connected any more.
 * - `unknown`: Genesys does not know it, because it belongs to another org or was deleted.
 */
export type ConversationState = "living" | "ended" | "unknown";

/** The port to the states of conversations in Genesys Cloud. */
export interface ConversationDirectory {
  /** @throws {Failure} */
  state(conversationId: ConversationId, call: Call): Promise<ConversationState>;
}
