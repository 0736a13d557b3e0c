import { z } from "zod";
import { Failure } from "../failure.ts";
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
import { topics } from "./rules.ts";

/** An optional field of somebody else's: what does not fit its type is as good as absent. */
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
  conversationExternalContactIds: z.array(contactId).optional().catch(undefined),
});
const userBody = z.object({ conversationId, eventTime: time, mediaType: text });
/** A word of Genesys' own: what looks like anything else is not passed on. */
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
  attributes: z.record(z.string(), z.string()).catch({}),
});

/** The customer's side of a conversation, in Genesys' words. Absent fields are simply missing. */
export type CustomerBody = z.infer<typeof customerBody>;

/** The external contact that an event names, where it names one. */
export function contactOf(body: CustomerBody): ContactId | undefined {
  return body.externalContactId ?? body.conversationExternalContactIds?.[0];
}

/** The conversation that an event is about, where it is about one. */
export function conversationOf(event: GenesysEvent): ConversationId | undefined {
  return "body" in event && "conversationId" in event.body ? event.body.conversationId : undefined;
}

/** What every event has. */
interface Read {
  readonly envelopeId: string;
  readonly correlationId: string | undefined;
  readonly topic: string;
  /** When it happened: Genesys' `eventTime`, or else when it was sent; epoch ms, 0 where unknown. */
  readonly happenedAt: EpochMs;
  /** When EventBridge had it, epoch ms, whole seconds; 0 where unknown. */
  readonly busAt: EpochMs;
}

export type CustomerEvent = Read & {
  readonly type: "customerStart" | "customerEnd" | "contact";
  readonly body: CustomerBody;
};
export type GenesysEvent =
  | CustomerEvent
  | (Read & { readonly type: "userStart"; readonly body: z.infer<typeof userBody> })
  | (Read & { readonly type: "attributes"; readonly body: z.infer<typeof attributesBody> })
  /** An agent has signed in. What would identify the token is not read. */
  | (Read & { readonly type: "userTokens"; readonly body: z.infer<typeof userTokensBody> })
  /** Trouble that Genesys Cloud itself reports. */
  | (Read & { readonly type: "operations"; readonly body: z.infer<typeof operationsBody> })
  /** A topic that Ringahead does nothing with. */
  | (Read & { readonly type: "other" });

/**
 * [pure] The typed event of an SQS message. Unknown fields are left out, enumerations stay open;
 * what the work cannot go on without is named in the failure. Never throws.
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
): (Read & { readonly type: T; readonly body: B }) | Failure {
  const read = schema.safeParse(envelope.eventBody);
  if (!read.success) {
    return badEvent(`${envelope.detailType}: detail.eventBody ${firstIssue(read.error)}`);
  }
  return { type, body: read.data, ...common(envelope, read.data.eventTime) };
}

/** Genesys' templates, `{id}` kept; whoever else sends to the queue could call an event anything. */
const TOPIC = /^[A-Za-z][\w.{}-]{0,119}$/;

function common(envelope: Envelope, eventTime: EpochMs | undefined): Read {
  return {
    envelopeId: envelope.id,
    correlationId: envelope.correlationId,
    topic: TOPIC.test(envelope.detailType) ? envelope.detailType : "unknown",
    happenedAt: eventTime ?? envelope.sentAt ?? epochMs(0),
    busAt: envelope.busAt ?? epochMs(0),
  };
}
