import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import { hasEnded, type Session } from "../domain/conversation/session.ts";
import type { CustomerEvent } from "../domain/event/read-event.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { ParticipantAttributes } from "../domain/ports/participant-attributes.ts";
import type { Attributes } from "../domain/summary/summarise.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { aboutEvent } from "./dispatcher.ts";

/** What is emptied when a customer has left, and how long after. */
export interface ScrubPlan {
  readonly values: Attributes;
  readonly afterMs: number;
}

export interface ScrubOptions {
  /** Undefined where attributes stay. */
  readonly plan: ScrubPlan | undefined;
  readonly attributes: ParticipantAttributes;
  readonly ledger: ConversationStore;
  readonly report: Report;
  readonly now: () => number;
  readonly eventNow: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly done: (message: ReceivedMessage) => Promise<void>;
  readonly later: (message: ReceivedMessage, delayMs: number) => Promise<void>;
}

export interface Scrub {
  /** Settles the message of an end: at once, or when what was written is emptied. Never rejects. */
  ended(message: ReceivedMessage, event: CustomerEvent, session: Session): Promise<void>;
  /** Gives back what is under way. */
  stop(): void;
}

/** Nobody waits for it: a failed one comes again within a quarter of an hour. */
const AGAIN_WITHIN_MS = 15 * 60_000;

/**
 * Empties what was written about a person some time after the customer has left: agents still read it
 * while they wrap up. The queue keeps the time, so that no restart loses it.
 */
export function createScrub(options: ScrubOptions): Scrub {
  const { plan, attributes, ledger, report, now, eventNow, random, done, later } = options;
  const stopping = new AbortController();

  function isNeedless({ body }: CustomerEvent, session: Session): boolean {
    const { written, participantId } = session;
    // What a lone worker wrote before its restart it does not know: unknown counts as found.
    if (written !== undefined && written.status !== "found") return true;
    return !ledger.sessionsOf(body.conversationId, participantId).every(hasEnded);
  }

  function acknowledge(message: ReceivedMessage, event: CustomerEvent): Promise<void> {
    ledger.settled(event.envelopeId);
    report("event.acknowledged", { ...aboutEvent(event), because: "session_ended" });
    return done(message);
  }

  function failed(message: ReceivedMessage, event: CustomerEvent, failure: Failure): Promise<void> {
    if (stopping.signal.aborted) return later(message, 0);
    report("attributes.not_emptied", { ...aboutEvent(event), ...failedFields(failure) });
    // A conversation that Genesys has forgotten holds nothing.
    if (failure.kind === "permanent") return acknowledge(message, event);
    return later(message, random() * AGAIN_WITHIN_MS);
  }

  return {
    async ended(message, event, session) {
      if (plan === undefined || isNeedless(event, session)) return acknowledge(message, event);
      const waitMs = event.happenedAt + plan.afterMs - eventNow();
      if (waitMs > 0) return later(message, waitMs);
      const { conversationId, participantId } = event.body;
      const { signal } = stopping;
      const about = aboutEvent(event);
      const call = { signal, priority: Priority.spare, deadline: now() + CALL_DEADLINE_MS, about };
      try {
        await attributes.write({ conversationId, participantId }, plan.values, call);
      } catch (error) {
        return failed(message, event, asFailure(error));
      }
      report("attributes.emptied", { ...about, participantId });
      return acknowledge(message, event);
    },
    stop() {
      stopping.abort();
    },
  };
}
