import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import {
  hasEnded,
  isSession,
  partOfSession,
  type Session,
} from "../domain/conversation/session.ts";
import type { SessionEvent } from "../domain/event/read-event.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { ParticipantAttributes } from "../domain/ports/participant-attributes.ts";
import type { Attributes } from "../domain/summary/attributes.ts";
import { after, elapsed } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { aboutEvent } from "./event-facts.ts";
import { DELETE, type MessageOutcome } from "./message-outcome.ts";
import type { WorkerClocks } from "./worker-clocks.ts";

/** What is erased after a customer has left, and how long after. */
export interface ErasePlan {
  readonly values: Attributes;
  readonly afterMs: number;
}

export interface EraserDeps {
  /** Undefined if attributes stay. */
  readonly plan: ErasePlan | undefined;
  readonly writeAttributes: ParticipantAttributes["write"];
  readonly store: ConversationStore;
  readonly report: Report;
  readonly clocks: WorkerClocks;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface Eraser {
  /**
   * Erases what was written about a person once its time has come.
   * @returns what is done with the message of the end: it returns to the queue until then. Never rejects.
   */
  ended(event: SessionEvent, session: Session): Promise<MessageOutcome>;
  /** Aborts what is in progress: its messages are requeued. */
  stop(): void;
}

/** Of a person or an organisation. A worker that is alone does not know what it wrote before its restart. */
function mayHoldDetails(session: Session): boolean {
  const { written } = session;
  if (written === undefined) return isSession(session);
  return written.status === "found" || written.status === "ambiguous";
}

/** Nobody waits for it: a failed attempt is repeated within a quarter of an hour. */
const RETRY_WITHIN_MS = 15 * 60_000;

/**
 * Erases what was written about a person some time after the customer has left: agents still read it
 * during wrap-up. The queue keeps the time, so no restart loses it.
 */
export function createEraser(deps: EraserDeps): Eraser {
  const { plan, store, report, clocks, random } = deps;
  const stopping = new AbortController();

  function isUnneeded({ body }: SessionEvent, session: Session): boolean {
    const own = store.sessionsOf(body.conversationId, session.participantId);
    if (!own.filter(isSession).every(hasEnded)) return true;
    const all = store.conversation(body.conversationId).sessions.values();
    const isLeftAlone = partOfSession(session, all) === "third_party";
    if (isLeftAlone && own.every((one) => one.written === undefined)) return true;
    return !own.some(mayHoldDetails);
  }

  function acknowledge(event: SessionEvent): MessageOutcome {
    store.markHandled(event.envelopeId);
    report("event.acknowledged", { ...aboutEvent(event), because: "session_ended" });
    return DELETE;
  }

  function failed(event: SessionEvent, failure: Failure): MessageOutcome {
    if (stopping.signal.aborted) return { do: "requeue", delayMs: 0 };
    report("attributes.not_emptied", { ...aboutEvent(event), ...failedFields(failure) });
    // A conversation that Genesys has forgotten holds nothing.
    if (failure.kind === "permanent") return acknowledge(event);
    return { do: "requeue", delayMs: random() * RETRY_WITHIN_MS };
  }

  return {
    async ended(event, session) {
      if (plan === undefined || isUnneeded(event, session)) return acknowledge(event);
      const waitMs = elapsed(clocks.eventNow(), after(event.happenedAt, plan.afterMs));
      if (waitMs > 0) return { do: "requeue", delayMs: waitMs };
      const { conversationId, participantId } = event.body;
      const { signal } = stopping;
      const about = aboutEvent(event);
      const deadline = after(clocks.monotonicNow(), CALL_DEADLINE_MS);
      const call = { signal, priority: Priority.spare, deadline, about };
      try {
        await deps.writeAttributes({ conversationId, participantId }, plan.values, call);
      } catch (error) {
        return failed(event, asFailure(error));
      }
      session.erasedAt = clocks.eventNow();
      await store.share(conversationId, event.body);
      report("attributes.emptied", { ...about, participantId });
      return acknowledge(event);
    },
    stop() {
      stopping.abort();
    },
  };
}
