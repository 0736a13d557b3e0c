import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Reference } from "../identity/identity.ts";
import { type EpochMs, epochMs } from "../time.ts";
import { badEvent, type Envelope, firstIssue, readEnvelope } from "./envelope.ts";
import {
  type ContactId,
  type ConversationId,
  contactId,
  conversationId,
  participantId,
  sessionId,
  userId,
} from "./ids.ts";
import { onlyTexts } from "./only-texts.ts";
import { topics } from "./rules.ts";

/** An optional field from Genesys. A value of another type counts as absent. */
const text = z.string().min(1).optional().catch(undefined);
const time = z.number().int().positive().transform(epochMs).optional().catch(undefined);

const customerBody = z.object({
  conversationId,
  participantId,
  sessionId: sessionId.optional().catch(undefined),
  eventTime: time,
  mediaType: text,
  messageType: text,
  direction: text,
  ani: text,
  dnis: text,
  addressFrom: text,
  addressTo: text,
  callbackNumbers: z.array(z.string()).optional().catch(undefined),
  externalContactId: contactId.optional().catch(undefined),
});
const userBody = z.object({ conversationId, eventTime: time, mediaType: text });
/** A code from Genesys. Any other text counts as absent. */
const code = z
  .string()
  .regex(/^[\w.:-]{1,80}$/)
  .optional()
  .catch(undefined);
const userTokensBody = z.object({
  eventTime: time,
  user: z.object({ id: userId }),
  ipAddress: text,
});
const operationsBody = z.object({
  eventTime: time,
  entityType: code,
  entityId: code,
  currentValue: code,
  previousValue: code,
  errorCode: code,
});
const attributesBody = z.object({
  conversationId,
  participantId,
  eventTime: time,
  attributes: z.record(z.string(), z.unknown()).catch({}).transform(onlyTexts),
  communications: z
    .array(z.object({ id: sessionId, mediaType: text }))
    .optional()
    .catch(undefined),
});

/** The body of a customer event, with Genesys' field names. */
export type CustomerBody = z.infer<typeof customerBody>;

/**
 * [pure] The external contact of the event's participant, if it has one. The list
 * `conversationExternalContactIds` is the conversation's: it may name the contact of somebody else.
 */
export function contactOf(body: CustomerBody): ContactId | undefined {
  return body.externalContactId;
}

/** [pure] The conversation of an event, if it has one. */
export function conversationOf(event: GenesysEvent | ReferenceEvent): ConversationId | undefined {
  return "body" in event && "conversationId" in event.body ? event.body.conversationId : undefined;
}

/** The fields of every event. */
interface EventFields {
  readonly envelopeId: string;
  readonly correlationId: string | undefined;
  readonly topic: string;
  /** Genesys' `eventTime`, otherwise the time of sending, otherwise EventBridge's time; 0 if unknown. */
  readonly happenedAt: EpochMs;
  /** EventBridge's time, in whole seconds; 0 if unknown. */
  readonly busAt: EpochMs;
}

export type CustomerEvent = EventFields & {
  readonly type: "customerStart" | "customerEnd" | "contact";
  readonly body: CustomerBody;
};

/** A flow has collected a reference: made of an `attributes` event, for a session of its participant. */
export type ReferenceEvent = EventFields & {
  readonly type: "reference";
  readonly body: CustomerBody;
  readonly reference: Reference;
};

/** An event that may lead to an enrichment. */
export type SessionEvent = CustomerEvent | ReferenceEvent;
export type GenesysEvent =
  | CustomerEvent
  | (EventFields & { readonly type: "userStart"; readonly body: z.infer<typeof userBody> })
  | (EventFields & { readonly type: "attributes"; readonly body: z.infer<typeof attributesBody> })
  /** An agent signed in. Fields that identify the token are not read. */
  | (EventFields & { readonly type: "userTokens"; readonly body: z.infer<typeof userTokensBody> })
  /** A problem that Genesys Cloud reports. */
  | (EventFields & { readonly type: "operations"; readonly body: z.infer<typeof operationsBody> })
  /** A topic that Ringahead does not handle. */
  | (EventFields & { readonly type: "other" });

/**
 * [pure] Reads the body of an SQS message as a typed event. Unknown fields are left out, and unknown
 * values of enumerations are kept. If a required field is missing, the failure names it. Never throws.
 */
export function readEvent(body: string): GenesysEvent | Failure {
  const envelope = readEnvelope(body);
  if (envelope instanceof Failure) return envelope;
  switch (envelope.detailType) {
    case topics.customerStart:
      return typed("customerStart", customerBody, envelope);
    case topics.customerEnd:
      return typed("customerEnd", customerBody, envelope);
    case topics.contact:
      return typed("contact", customerBody, envelope);
    case topics.userStart:
      return typed("userStart", userBody, envelope);
    case topics.attributes:
      return typed("attributes", attributesBody, envelope);
    case topics.userTokens:
      return typed("userTokens", userTokensBody, envelope);
    case topics.operations:
      return typed("operations", operationsBody, envelope);
    default:
      return { type: "other", ...common(envelope, undefined) };
  }
}

function typed<T extends string, B extends { eventTime?: EpochMs | undefined }>(
  type: T,
  schema: z.ZodType<B>,
  envelope: Envelope,
): (EventFields & { readonly type: T; readonly body: B }) | Failure {
  const read = schema.safeParse(envelope.eventBody);
  if (!read.success) {
    return badEvent(`${envelope.detailType}: detail.eventBody ${firstIssue(read.error)}`);
  }
  return { type, body: read.data, ...common(envelope, read.data.eventTime) };
}

/** A topic template. Other senders to the queue could use any text, which must not reach a log. */
const TOPIC = /^[A-Za-z][\w.{}-]{0,119}$/;

function common(envelope: Envelope, eventTime: EpochMs | undefined): EventFields {
  return {
    envelopeId: envelope.id,
    correlationId: envelope.correlationId,
    topic: TOPIC.test(envelope.detailType) ? envelope.detailType : "unknown",
    happenedAt: eventTime ?? envelope.sentAt ?? envelope.busAt ?? epochMs(0),
    busAt: envelope.busAt ?? epochMs(0),
  };
}
