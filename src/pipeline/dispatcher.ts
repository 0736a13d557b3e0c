import type { AcknowledgeReason } from "../domain/conversation/acknowledge-reason.ts";
import { isCustomerEvent, recordEvent, route } from "../domain/conversation/route.ts";
import type { Session } from "../domain/conversation/session.ts";
import {
  type CustomerEvent,
  conversationOf,
  type GenesysEvent,
  readEvent,
} from "../domain/event/read-event.ts";
import { Failure } from "../domain/failure.ts";
import { epochMs } from "../domain/time.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { maskAddress, mentionsRateLimit } from "./operations-events.ts";

/** Where the desk sends a message. Each of them settles it, now or later. */
export interface DeskExits {
  readonly acknowledge: (message: ReceivedMessage) => void;
  readonly deadLetter: (message: ReceivedMessage, failure: Failure, event?: GenesysEvent) => void;
  readonly enrich: (message: ReceivedMessage, event: CustomerEvent, session: Session) => void;
  /** The session has ended: drops what is pending for it. */
  readonly cancel: (session: Session) => void;
  /** The session has ended, and nothing is pending for it any more. */
  readonly ended: (message: ReceivedMessage, event: CustomerEvent, session: Session) => void;
  /** An agent is there: others come first. */
  readonly answered: (event: GenesysEvent & { type: "userStart" }) => void;
  /** Agents are coming: tokens and connections are made ready. Called as often as they sign in. */
  readonly warm: () => void;
  /** Genesys tells that an API's limit was reached. */
  readonly slowGenesys: () => void;
}

export interface DeskOptions extends DeskExits {
  readonly ledger: ConversationStore;
  readonly report: Report;
  /** The attribute by which our own writes are known. */
  readonly statusAttribute: string;
}

/**
 * Reads each message as it arrives and decides what becomes of it. Alone it waits for nothing; in a
 * fleet, for what the others know of the conversation (half a second at most).
 */
export function createDesk(options: DeskOptions): (message: ReceivedMessage) => Promise<void> {
  const { ledger, report, acknowledge } = options;

  function acknowledged(
    message: ReceivedMessage,
    event: GenesysEvent,
    because: AcknowledgeReason,
  ): void {
    report("event.acknowledged", { ...aboutEvent(event), because });
    acknowledge(message);
  }

  async function customer(message: ReceivedMessage, event: CustomerEvent): Promise<void> {
    const session = ledger.session(event.body);
    recordEvent(event, session);
    // Told before the message is settled: a tombstone that only this worker knew would die with it.
    const carrier = await ledger.share(event.body.conversationId, event.body);
    // A killed worker had begun with this message: a twin that is held here will yield to it.
    if (carrier === message.messageId) session.ownerMessageId = carrier;
    const decision = route(event, session, message.messageId);
    switch (decision.do) {
      case "enrich":
        options.enrich(message, event, session);
        return;
      case "cancel":
        options.cancel(session);
        options.ended(message, event, session);
        return;
      case "acknowledge":
        acknowledged(message, event, decision.because);
    }
  }

  /** How long the history was there before the agent. */
  async function agentConnected(event: GenesysEvent & { type: "userStart" }): Promise<void> {
    const { conversationId } = event.body;
    const conversation = ledger.conversation(conversationId);
    conversation.agentAt ??= event.happenedAt;
    options.answered(event);
    if (ledger.shared) await ledger.share(conversationId);
    for (const { written } of conversation.sessions.values()) {
      if (written === undefined || written.status === "unavailable") continue;
      report("headstart.measured", {
        ...aboutEvent(event),
        headStartMs: event.happenedAt - written.at,
      });
    }
  }

  async function confirmed(event: GenesysEvent & { type: "attributes" }): Promise<void> {
    const { conversationId, participantId, attributes } = event.body;
    if (attributes[options.statusAttribute] === undefined) return;
    if (ledger.shared) await ledger.share(conversationId);
    for (const session of ledger.sessionsOf(conversationId, participantId)) {
      // The confirmation may be here before the answer to the write is.
      if (session.written === undefined) session.confirmedAt = event.happenedAt;
      else reportConfirmed(report, event, event.happenedAt - session.written.at);
    }
  }

  function signedIn({ body }: GenesysEvent & { type: "userTokens" }): void {
    report("signin.noted", { userId: body.user.id, address: maskAddress(body.ipAddress) });
    options.warm();
  }

  function trouble({ body }: GenesysEvent & { type: "operations" }): void {
    const { entityType, entityId, previousValue, currentValue, errorCode } = body;
    const slowed = mentionsRateLimit(errorCode, currentValue);
    const told = { entityType, entityId, previousValue, currentValue, errorCode };
    report("operations.noted", { ...told, slowed });
    if (slowed) options.slowGenesys();
  }

  async function note(event: GenesysEvent): Promise<void> {
    if (event.type === "userStart") await agentConnected(event);
    if (event.type === "attributes") await confirmed(event);
    if (event.type === "userTokens") signedIn(event);
    if (event.type === "operations") trouble(event);
  }

  return async (message) => {
    const event = readEvent(message.body);
    if (event instanceof Failure) {
      options.deadLetter(message, event);
      return;
    }
    reportReceived(report, message, event);
    if (ledger.isSettled(event.envelopeId)) {
      acknowledged(message, event, "duplicate_event");
      return;
    }
    if (isCustomerEvent(event)) {
      await customer(message, event);
      return;
    }
    await note(event);
    ledger.settled(event.envelopeId);
    acknowledged(message, event, event.type === "other" ? "unhandled_topic" : "recorded");
  };
}

function reportReceived(report: Report, message: ReceivedMessage, event: GenesysEvent): void {
  const { messageId, sentAt: queuedAt, receiveCount } = message;
  const { happenedAt, busAt } = event;
  const mediaType = isCustomerEvent(event) ? event.body.mediaType : undefined;
  const times = { happenedAt, busAt, queuedAt: epochMs(queuedAt) };
  report("event.received", { ...aboutEvent(event), messageId, ...times, receiveCount, mediaType });
}

/** Genesys has taken over what was written, so many ms after it accepted it. */
export function reportConfirmed(report: Report, event: GenesysEvent, sinceWriteMs: number): void {
  report("write.confirmed", { ...aboutEvent(event), sinceWriteMs });
}

/** The ids by which a line in the log finds its event. */
export function aboutEvent(event: GenesysEvent) {
  const conversationId = conversationOf(event);
  return {
    topic: event.topic,
    eventId: event.envelopeId,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(event.correlationId === undefined ? {} : { correlationId: event.correlationId }),
  };
}
