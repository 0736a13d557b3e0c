import type { About } from "../domain/call.ts";
import {
  conversationOf,
  type GenesysEvent,
  type ReferenceEvent,
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
