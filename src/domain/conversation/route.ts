import {
  type CustomerEvent,
  contactOf,
  type GenesysEvent,
  type SessionEvent,
} from "../event/read-event.ts";
import type { Reference } from "../identity/identity.ts";
import type { AcknowledgeReason } from "./acknowledge-reason.ts";
import {
  hasLeft,
  isStartInProgress,
  isStartWritten,
  referenceMayHelp,
  shownTo,
} from "./participant.ts";
import { originOf, strongerOrigin, wasDialled } from "./parties.ts";
import {
  beginGeneration,
  contactMayHelp,
  earlier,
  hasEnded,
  keepLaterContact,
  later,
  partOfSession,
  type Session,
} from "./session.ts";

/** What is to be done with an event. */
export type Decision =
  /** Look the customer up and write; the message is held until that is settled. */
  | { readonly do: "enrich" }
  /** The session has ended: pending work for it is cancelled. */
  | { readonly do: "cancel" }
  /** Nothing is left to do. */
  | { readonly do: "acknowledge"; readonly because: AcknowledgeReason };

const acknowledge = (because: AcknowledgeReason): Decision => ({ do: "acknowledge", because });

/**
 * [pure] What a customer event asks for, given what is known of its session after
 * {@link recordEvent}, and of all sessions of its conversation. Events come twice and in any order;
 * the decision holds for all of them.
 */
export function route(
  event: SessionEvent,
  session: Session,
  messageId: string,
  sessions: Iterable<Session>,
): Decision {
  const all = [...sessions];
  if (event.type !== "customerEnd" && partOfSession(session, all) === "third_party") {
    return acknowledge("third_party");
  }
  switch (event.type) {
    case "customerEnd":
      return hasEnded(session) ? { do: "cancel" } : acknowledge("earlier_session_end");
    case "customerStart":
      return routeStart(event, session, messageId);
    case "contact":
      return routeContact(session, messageId);
    case "reference":
      return routeReference(event.reference, session, messageId, all);
  }
}

/** A start is not left to the message of a contact or a reference: that one looks up nothing else. */
function routeStart(event: CustomerEvent, session: Session, messageId: string): Decision {
  if (session.endedAt !== undefined && session.endedAt >= event.happenedAt) {
    return acknowledge("conversation_ended");
  }
  const { ownerMessageId, ownedBy } = session;
  if (ownerMessageId !== undefined && ownerMessageId !== messageId && ownedBy !== "late_key") {
    return acknowledge("owned_by_other_message");
  }
  if (isStartWritten(session)) return acknowledge("history_written");
  return { do: "enrich" };
}

/** A contact that is named while its session is in progress is used by that enrichment. */
function routeContact(session: Session, messageId: string): Decision {
  if (hasEnded(session)) return acknowledge("conversation_ended");
  if (session.ownerMessageId !== undefined && session.ownerMessageId !== messageId) {
    return acknowledge("contact_used_in_progress");
  }
  if (session.written === undefined) return acknowledge("contact_kept_for_start");
  return contactMayHelp(session) ? { do: "enrich" } : acknowledge("contact_changes_nothing");
}

/** A reference of a session whose start is not known is looked up at once: it may have come first. */
function routeReference(
  reference: Reference,
  session: Session,
  messageId: string,
  all: Iterable<Session>,
): Decision {
  if (hasLeft(session, all)) return acknowledge("conversation_ended");
  if (session.ownerMessageId !== undefined && session.ownerMessageId !== messageId) {
    return acknowledge("reference_used_in_progress");
  }
  if (isStartInProgress(session, messageId, all)) return acknowledge("reference_used_in_progress");
  return referenceMayHelp(session, reference, shownTo(session, all))
    ? { do: "enrich" }
    : acknowledge("reference_changes_nothing");
}

/**
 * [pure] Why the message of a contact or a reference must not write: a start began during its lookup, and
 * uses what the message names. Undefined if it may.
 */
export function takenOver(
  { type }: SessionEvent,
  session: Session,
  messageId: string,
  all: Iterable<Session>,
): AcknowledgeReason | undefined {
  const isOwner = session.ownerMessageId === messageId;
  if (type === "contact" && !isOwner) return "contact_used_in_progress";
  if (type !== "reference" || (isOwner && !isStartInProgress(session, messageId, all))) {
    return undefined;
  }
  return "reference_used_in_progress";
}

/**
 * Records in the session what an event says, before it is routed. A start after the end of the
 * session begins a new generation: the conversation was reopened.
 */
export function recordEvent(event: CustomerEvent, session: Session): void {
  const { happenedAt, body } = event;
  const contactId = contactOf(body);
  if (contactId !== undefined) keepLaterContact(session, { contactId, contactAt: happenedAt });
  // The participant's: no session may seem to go on because of it.
  if (event.type === "contact" && body.sessionId === undefined) return;
  const origin = originOf(body);
  session.origin = strongerOrigin(session.origin, origin);
  if (event.type === "customerEnd") session.endedAt = later(session.endedAt, happenedAt);
  // A leg whose start is still to come must not count as there before the customer.
  const tellsStart = event.type === "contact" && wasDialled({ origin });
  if (event.type === "customerStart" || tellsStart) {
    session.firstAt = earlier(session.firstAt, happenedAt);
  }
  if (event.type === "customerStart" && happenedAt > (session.startedAt ?? -1)) {
    const reopened = session.startedAt !== undefined && hasEnded(session);
    session.startedAt = happenedAt;
    if (reopened && !hasEnded(session)) beginGeneration(session, happenedAt);
  }
}

/** Whether an event is about a customer's session. */
export function isCustomerEvent(event: GenesysEvent): event is CustomerEvent {
  return event.type === "customerStart" || event.type === "customerEnd" || event.type === "contact";
}
