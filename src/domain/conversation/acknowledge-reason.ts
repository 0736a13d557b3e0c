/** Why a message is deleted with nothing left to do for it. The log holds the code. */
export type AcknowledgeReason = (typeof acknowledgeReasons)[number];

export const acknowledgeReasons = [
  /** The envelope's event was already dealt with. */
  "duplicate_event",
  /** Another message owns this enrichment. */
  "owned_by_other_message",
  "conversation_ended",
  /** An agent called this party while a customer was there. */
  "third_party",
  "earlier_session_end",
  "history_written",
  /** The enrichment in progress uses the contact. */
  "contact_used_in_progress",
  /** The start is still to come and will use the contact. */
  "contact_kept_for_start",
  "contact_changes_nothing",
  /** The enrichment in progress uses the reference. */
  "reference_used_in_progress",
  "reference_changes_nothing",
  "session_ended",
  "recorded",
  "unhandled_topic",
] as const;
