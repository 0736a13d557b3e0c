import type { About } from "../domain/call.ts";
import type { Part } from "../domain/conversation/parties.ts";
import {
  conversationOf,
  type GenesysEvent,
  type ReferenceEvent,
  type SessionEvent,
} from "../domain/event/read-event.ts";
import type { Report } from "../observability/facts/facts.ts";

/** [pure] The ids by which a log line finds its event. */
export function aboutEvent(
  event: GenesysEvent | ReferenceEvent,
): About & { readonly topic: string } {
  const conversationId = conversationOf(event);
  return {
    topic: event.topic,
    eventId: event.envelopeId,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(event.correlationId === undefined ? {} : { correlationId: event.correlationId }),
  };
}

/** Reports that Genesys confirmed a write, `sinceWriteMs` after it accepted it. */
export function reportConfirmed(
  report: Report,
  event: GenesysEvent | ReferenceEvent,
  sinceWriteMs: number,
): void {
  report("write.confirmed", { ...aboutEvent(event), sinceWriteMs });
}

/** Reports which part the participant of an event has in its conversation. */
export function reportJudged(report: Report, event: SessionEvent, part: Part): void {
  const { participantId } = event.body;
  report("participant.judged", { ...aboutEvent(event), participantId, part });
}
