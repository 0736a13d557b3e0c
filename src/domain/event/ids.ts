import { z } from "zod";

/** Genesys' ids are UUIDs, but opaque: any short text that is safe in a URL is accepted. */
const id = z
  .string()
  .regex(/^[\w-]{1,64}$/, "is not an id: expected 1 to 64 letters, digits, - or _");

export const conversationId = id.brand<"ConversationId">();
export const participantId = id.brand<"ParticipantId">();
/** One stay of a participant in a conversation; a reopened conversation has several. */
export const sessionId = id.brand<"SessionId">();
export const contactId = id.brand<"ContactId">();
export const userId = id.brand<"UserId">();

/** Genesys' correlation id, for logs only. A text that could be a telephone number is rejected. */
export const correlationId = z.string().regex(/^(?![\d.:-]{7,}$)[\w.:-]{1,100}$/);

export type ConversationId = z.infer<typeof conversationId>;
/** The participant of an event; in `customer.*` events the customer. */
export type ParticipantId = z.infer<typeof participantId>;
/** An external contact of Genesys Cloud. */
export type ContactId = z.infer<typeof contactId>;
