import { z } from "zod";

/** Genesys' ids are UUIDs; any short word that is safe in a URL is taken, for ids are opaque. */
const id = z.string().regex(/^[\w-]{1,64}$/, "is no id: 1 to 64 letters, digits, - or _");

export const conversationId = id.brand<"ConversationId">();
export const participantId = id.brand<"ParticipantId">();
export const sessionId = id.brand<"SessionId">();
export const contactId = id.brand<"ContactId">();
export const userId = id.brand<"UserId">();

/** Genesys' own id of an exchange, for logs only: what could be a telephone number is none. */
export const correlationId = z.string().regex(/^(?![\d.:-]{7,}$)[\w.:-]{1,100}$/);

export type ConversationId = z.infer<typeof conversationId>;
/** The participant that the event names; in `customer.*` events that is the customer. */
export type ParticipantId = z.infer<typeof participantId>;
/** One stretch of a participant's presence; a reopened conversation has several. */
export type SessionId = z.infer<typeof sessionId>;
/** An external contact of Genesys Cloud. */
export type ContactId = z.infer<typeof contactId>;
