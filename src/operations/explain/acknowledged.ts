import type { AcknowledgeReason } from "../../domain/conversation/acknowledge-reason.ts";
import type { LoggedReason } from "../../observability/facts/line.ts";

const reasons: Readonly<Record<AcknowledgeReason, string>> = {
  duplicate_event: "this event has already been processed",
  owned_by_other_message: "another message owns this enrichment",
  conversation_ended: "the conversation has ended",
  third_party: "an agent called this party while a customer was there",
  earlier_session_end: "an earlier session ended, not the current one",
  history_written: "the history is already written",
  contact_used_in_progress: "the enrichment in progress uses the contact",
  contact_kept_for_start: "the contact is kept for the start of the session",
  contact_changes_nothing: "the contact does not change the result",
  reference_used_in_progress: "the enrichment in progress uses the reference",
  reference_changes_nothing: "the reference does not change the result",
  session_ended: "the session has ended",
  recorded: "the event is recorded",
  unhandled_topic: "Ringahead does not handle this topic",
};
const reasonOf: ReadonlyMap<string, string> = new Map(Object.entries(reasons));

/** [pure] Why a message was acknowledged, as a clause. An unknown reason is returned unchanged. */
export function describeReason(because: LoggedReason): string {
  return reasonOf.get(because) ?? because;
}
