import type { AcknowledgeReason } from "../domain/conversation/acknowledge-reason.ts";
import { isCustomerEvent, recordEvent, route } from "../domain/conversation/route.ts";
import type { Session, Written } from "../domain/conversation/session.ts";
import {
  type GenesysEvent,
  type ReferenceEvent,
  readEvent,
  type SessionEvent,
} from "../domain/event/read-event.ts";
import { Failure } from "../domain/failure.ts";
import { readReference } from "../domain/identity/reference.ts";
import { elapsed } from "../domain/time.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { aboutEvent, reportConfirmed, reportJudged } from "./event-facts.ts";
import { maskAddress, mentionsRateLimit } from "./operations-events.ts";

type EventOf<T extends GenesysEvent["type"]> = GenesysEvent & { readonly type: T };

/** What a message asks for. */
export type Dispatch =
  | { readonly do: "acknowledge"; readonly because: AcknowledgeReason }
  | { readonly do: "dead_letter"; readonly failure: Failure }
  | { readonly do: "enrich"; readonly event: SessionEvent; readonly session: Session }
  /** The session has ended. */
  | { readonly do: "end"; readonly event: SessionEvent; readonly session: Session };

export interface DispatcherDeps {
  readonly store: ConversationStore;
  readonly report: Report;
  /** The prefix of our attributes: by the status, our own writes are recognised. */
  readonly attributePrefix: string;
  /** The attribute in which a flow collects a reference; undefined if no flow does. */
  readonly referenceAttribute: string | undefined;
  /** An agent has connected. */
  readonly agentConnected: (event: EventOf<"userStart">) => void;
  /** An agent has signed in: makes tokens and connections ready. Called for every sign-in. */
  readonly warm: () => void;
  /** Genesys reports that the limit of an API was reached. */
  readonly slowGenesys: () => void;
}

/**
 * Reads each message and decides what it asks for. A worker that is alone decides at once; in a fleet
 * it asks the others first (half a second at most).
 */
export function createDispatcher(
  deps: DispatcherDeps,
): (message: ReceivedMessage) => Promise<Dispatch> {
  return async (message) => {
    const { store, report } = deps;
    const event = readEvent(message.body);
    if (event instanceof Failure) return { do: "dead_letter", failure: event };
    reportReceived(report, message, event);
    const dispatch = await dispatchEvent(message, event, deps);
    if (dispatch.do !== "acknowledge") return dispatch;
    if (!isCustomerEvent(event)) store.markHandled(event.envelopeId);
    const { because } = dispatch;
    if (isCustomerEvent(event) && because === "third_party") reportJudged(report, event, because);
    report("event.acknowledged", { ...aboutEvent(event), because });
    return dispatch;
  };
}

async function dispatchEvent(
  message: ReceivedMessage,
  event: GenesysEvent,
  deps: DispatcherDeps,
): Promise<Dispatch> {
  if (deps.store.wasHandled(event.envelopeId)) {
    return { do: "acknowledge", because: "duplicate_event" };
  }
  switch (event.type) {
    case "customerStart":
    case "customerEnd":
      return dispatchSession(message, event, deps.store);
    case "contact": {
      const { conversationId, sessionId } = event.body;
      if (sessionId === undefined) await deps.store.share(conversationId);
      const body = deps.store.atSession(event.body);
      return dispatchSession(message, { ...event, body }, deps.store);
    }
    case "userStart":
      await agentConnected(event, deps);
      break;
    case "attributes": {
      await confirmWrite(event, deps);
      const reference = await referenceOf(event, deps);
      return reference === undefined ? recorded : dispatchSession(message, reference, deps.store);
    }
    case "userTokens":
      signedIn(event, deps);
      break;
    case "operations":
      operationsReported(event, deps);
      break;
    case "other":
      return { do: "acknowledge", because: "unhandled_topic" };
  }
  return recorded;
}

const recorded: Dispatch = { do: "acknowledge", because: "recorded" };

async function dispatchSession(
  { messageId }: ReceivedMessage,
  event: SessionEvent,
  store: ConversationStore,
): Promise<Dispatch> {
  const session = store.session(event.body);
  if (event.type !== "reference") recordEvent(event, session);
  // Shared before the message is settled: a tombstone that only this worker knew would die with it.
  const owner = await store.share(event.body.conversationId, event.body);
  // A killed worker had claimed this message: a duplicate that is held here will yield to it.
  if (owner === messageId) own(session, owner, event);
  const { sessions } = store.conversation(event.body.conversationId);
  const decision = route(event, session, messageId, sessions.values());
  switch (decision.do) {
    case "enrich":
      own(session, messageId, event);
      return { do: "enrich", event, session };
    case "cancel":
      return { do: "end", event, session };
    case "acknowledge":
      return decision;
  }
}

function own(session: Session, messageId: string, { type }: SessionEvent): void {
  session.ownerMessageId = messageId;
  session.ownedBy = type === "customerStart" ? "start" : "late_key";
}

/**
 * A flow has set the attribute of the reference. @returns undefined if the event holds no reference, a
 * former one, or a surer or an erased match beside it: after a restart nothing else tells of that
 */
async function referenceOf(
  attributes: EventOf<"attributes">,
  { store, referenceAttribute, attributePrefix }: DispatcherDeps,
): Promise<ReferenceEvent | undefined> {
  if (referenceAttribute === undefined) return undefined;
  const reference = readReference(attributes.body.attributes[referenceAttribute]);
  if (reference === undefined) return undefined;
  const body = await store.keepReference(attributes.body, reference, attributes.happenedAt);
  if (body === undefined || isSettled(attributes, attributePrefix)) return undefined;
  return { ...attributes, type: "reference", body, reference };
}

/**
 * Whether the participant's attributes hold an exact match, or one that was erased. Genesys may send all
 * attributes of the participant with an event.
 */
function isSettled({ body }: EventOf<"attributes">, prefix: string): boolean {
  if (body.attributes[`${prefix}status`] !== "found") return false;
  const matchedBy = body.attributes[`${prefix}matched_by`];
  return matchedBy === "" || matchedBy?.endsWith(":exact") === true;
}

/** Measures how long the history was there before the agent. */
async function agentConnected(
  event: EventOf<"userStart">,
  { store, report, agentConnected: connected }: DispatcherDeps,
): Promise<void> {
  const { conversationId } = event.body;
  const conversation = store.conversation(conversationId);
  conversation.agentAt ??= event.happenedAt;
  connected(event);
  if (store.shared) await store.share(conversationId);
  for (const { written } of distinctWrites([...conversation.sessions.values()])) {
    if (written.status === "unavailable") continue;
    const headStartMs = elapsed(written.at, event.happenedAt);
    report("headstart.measured", { ...aboutEvent(event), headStartMs });
  }
}

async function confirmWrite(
  event: EventOf<"attributes">,
  { store, report, attributePrefix }: DispatcherDeps,
): Promise<void> {
  const { conversationId, participantId, attributes } = event.body;
  if (attributes[`${attributePrefix}status`] === undefined) return;
  if (store.shared) await store.share(conversationId);
  const sessions = store.sessionsOf(conversationId, participantId);
  for (const session of sessions) {
    // The confirmation may arrive before the answer to the write does.
    if (session.written === undefined) session.confirmedAt = event.happenedAt;
  }
  for (const { written } of distinctWrites(sessions)) {
    reportConfirmed(report, event, elapsed(written.at, event.happenedAt));
  }
}

type WrittenSession = Session & { readonly written: Written };

/** A session that knew less than another one of its participant has that one's write. */
function distinctWrites(sessions: readonly Session[]): readonly WrittenSession[] {
  const isWritten = (session: Session): session is WrittenSession => session.written !== undefined;
  const keyOf = ({ participantId, written }: WrittenSession) => `${participantId}/${written.at}`;
  const byWrite = new Map(sessions.filter(isWritten).map((session) => [keyOf(session), session]));
  return [...byWrite.values()];
}

function signedIn({ body }: EventOf<"userTokens">, { report, warm }: DispatcherDeps): void {
  report("signin.noted", { userId: body.user.id, address: maskAddress(body.ipAddress) });
  warm();
}

function operationsReported(
  { body }: EventOf<"operations">,
  { report, slowGenesys }: DispatcherDeps,
): void {
  const { entityType, entityId, previousValue, currentValue, errorCode } = body;
  const slowed = mentionsRateLimit(errorCode, currentValue);
  const reported = { entityType, entityId, previousValue, currentValue, errorCode };
  report("operations.noted", { ...reported, slowed });
  if (slowed) slowGenesys();
}

function reportReceived(report: Report, message: ReceivedMessage, event: GenesysEvent): void {
  const { messageId, sentAt: queuedAt, receiveCount } = message;
  const { happenedAt, busAt } = event;
  const mediaType = isCustomerEvent(event) ? event.body.mediaType : undefined;
  const times = { happenedAt, busAt, queuedAt };
  report("event.received", { ...aboutEvent(event), messageId, ...times, receiveCount, mediaType });
}
