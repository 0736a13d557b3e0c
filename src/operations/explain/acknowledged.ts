import type { AcknowledgeReason } from "../../domain/conversation/acknowledge-reason.ts";
import type { LoggedReason } from "../../observability/facts/line.ts";

const reasons: Readonly<Record<AcknowledgeReason, string>> = {
  duplicate_event: "this event is already dealt with",
  owned_by_other_message: "another message carries this enrichment",
  conversation_ended: "the conversation has ended",
  earlier_session_end: "an end of an earlier session",
  history_written: "the history is already written",
  contact_used_in_progress: "the enrichment under way uses the contact",
  contact_kept_for_start: "the contact is kept for the start",
  contact_changes_nothing: "the contact changes nothing",
  session_ended: "the session has ended",
  recorded: "noted",
  unhandled_topic: "nobody handles this topic",
};

const reasonOf: ReadonlyMap<string, string> = new Map(Object.entries(reasons));

/** [pure] Why a message was acknowledged, as a clause; an unknown reason is returned unchanged. */
export function describeReason(because: LoggedReason): string {
  return reasonOf.get(because) ?? because;
}
