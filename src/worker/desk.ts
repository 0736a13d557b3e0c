import { type CustomerEvent, type GenesysEvent, readEvent } from "../event/read-event.ts";
import type { Report } from "../facts/facts.ts";
import { Failure } from "../failure.ts";
import type { Received } from "../intake/received.ts";
import { isCustomerEvent, remember, route } from "../route/route.ts";
import type { Session } from "../route/session.ts";
import type { Ledger } from "./ledger.ts";

/** Where the desk sends a message. Each of them settles it, now or later. */
export interface DeskExits {
  readonly acknowledge: (message: Received, event: GenesysEvent) => void;
  readonly deadLetter: (message: Received, failure: Failure, event?: GenesysEvent) => void;
  readonly enrich: (message: Received, event: CustomerEvent, session: Session) => void;
  /** The session has ended: drops what is pending for it. */
  readonly cancel: (session: Session) => void;
}

export interface DeskOptions extends DeskExits {
  readonly ledger: Ledger;
  readonly report: Report;
  /** The attribute by which our own writes are known. */
  readonly statusAttribute: string;
}

/** Reads each message as it arrives and decides what becomes of it. It waits for nothing. */
export function createDesk(options: DeskOptions): (message: Received) => void {
  const { ledger, report, acknowledge } = options;

  function acknowledged(message: Received, event: GenesysEvent, because: string): void {
    report("event.acknowledged", { ...aboutEvent(event), because });
    acknowledge(message, event);
  }

  function customer(message: Received, event: CustomerEvent): void {
    const session = ledger.session(event.body);
    remember(event, session);
    const decision = route(event, session, message.messageId);
    switch (decision.do) {
      case "enrich":
        options.enrich(message, event, session);
        return;
      case "cancel":
        options.cancel(session);
        acknowledged(message, event, "the session has ended");
        return;
      case "acknowledge":
        acknowledged(message, event, decision.because);
    }
  }

  /** How long the history was there before the agent. */
  function agentConnected(event: GenesysEvent & { type: "userStart" }): void {
    const conversation = ledger.conversation(event.body.conversationId);
    conversation.agentAt ??= event.happenedAt;
    for (const { written } of conversation.sessions.values()) {
      if (written === undefined || written.status === "unavailable") continue;
      report("headstart.measured", {
        ...aboutEvent(event),
        headStartMs: event.happenedAt - written.at,
      });
    }
  }

  function confirmed(event: GenesysEvent & { type: "attributes" }): void {
    const { conversationId, participantId, attributes } = event.body;
    if (attributes[options.statusAttribute] === undefined) return;
    for (const session of ledger.sessionsOf(conversationId, participantId)) {
      // The confirmation may be here before the answer to the write is.
      if (session.written === undefined) session.confirmedAt = event.happenedAt;
      else reportConfirmed(report, event, event.happenedAt - session.written.at);
    }
  }

  return (message) => {
    const event = readEvent(message.body);
    if (event instanceof Failure) {
      options.deadLetter(message, event);
      return;
    }
    if (ledger.isSettled(event.envelopeId)) {
      acknowledged(message, event, "this event is already dealt with");
      return;
    }
    if (isCustomerEvent(event)) {
      customer(message, event);
      return;
    }
    if (event.type === "userStart") agentConnected(event);
    if (event.type === "attributes") confirmed(event);
    acknowledged(message, event, event.type === "other" ? "nobody handles this topic" : "noted");
  };
}

/** Genesys has taken over what was written, so many ms after it accepted it. */
export function reportConfirmed(report: Report, event: GenesysEvent, sinceWriteMs: number): void {
  report("write.confirmed", { ...aboutEvent(event), sinceWriteMs });
}

/** The ids by which a line in the log finds its event. */
export function aboutEvent(event: GenesysEvent) {
  return {
    topic: event.topic,
    ...(event.type === "other" ? {} : { conversationId: event.body.conversationId }),
    ...(event.correlationId === undefined ? {} : { correlationId: event.correlationId }),
  };
}
