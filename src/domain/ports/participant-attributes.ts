import type { Call } from "../call.ts";
import type { ConversationId, ParticipantId } from "../event/ids.ts";
import type { ContactAddresses, ParticipantAddresses } from "../identity/customer.ts";
import type { Reference } from "../identity/identity.ts";
import type { Attributes } from "../summary/attributes.ts";

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
  /** The account, customer or case number that a flow has collected from the customer. */
  readonly reference?: Reference | undefined;
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
 * - `living`: the participant is still connected.
 * - `ended`: the participant has left, or the conversation has ended.
 * - `third_party`: an agent called this party while a customer was there. Nothing is written to it.
 */
export type ParticipantState = "living" | "ended" | "third_party";

/**
 * The state of one participant. Without an id, and for a participant that Genesys does not list, the
 * customers decide: `ended` if all of them have left.
 */
export type ParticipantStates = (participantId: string | undefined) => ParticipantState;

/** The port to the states of conversations in Genesys Cloud. */
export interface ConversationDirectory {
  /**
   * Reads a conversation once. Undefined if Genesys does not know it, because it belongs to another
   * org or was deleted.
   * @throws {Failure}
   */
  states(conversationId: ConversationId, call: Call): Promise<ParticipantStates | undefined>;
}
