import type { AcknowledgeReason } from "../../domain/conversation/acknowledge-reason.ts";

/** Acknowledge reasons as logs of version 0.1.0 have them. */
export const earlierReasons: ReadonlyMap<string, AcknowledgeReason> = new Map([
  ["this event is already dealt with", "duplicate_event"],
  ["another message carries this enrichment", "owned_by_other_message"],
  ["the conversation has ended", "conversation_ended"],
  ["an end of an earlier session", "earlier_session_end"],
  ["the history is already written", "history_written"],
  ["the enrichment under way uses the contact", "contact_used_in_progress"],
  ["the contact is kept for the start", "contact_kept_for_start"],
  ["the contact changes nothing", "contact_changes_nothing"],
  ["the session has ended", "session_ended"],
  ["noted", "recorded"],
  ["nobody handles this topic", "unhandled_topic"],
]);
