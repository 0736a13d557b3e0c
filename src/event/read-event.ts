import { z } from "zod";
import { Failure } from "../failure.ts";
import { badEvent, type Envelope, firstOf, readEnvelope } from "./envelope.ts";
import { type ContactId, contactId, conversationId, participantId, sessionId } from "./ids.ts";
import { topics } from "./rules.ts";

/** An optional field of somebody else's: what does not fit its type is as good as absent. */
const text = z.string().min(1).optional().catch(undefined);
const time = z.number().int().positive().optional().catch(undefined);

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

/** What every event has. */
interface Read {
  readonly envelopeId: string;
  readonly correlationId: string | undefined;
  readonly topic: string;
  /** When it happened: Genesys' `eventTime`, or else when it was sent; epoch ms, 0 where unknown. */
  readonly happenedAt: number;
}

export type CustomerEvent = Read & {
  readonly type: "customerStart" | "customerEnd" | "contact";
  readonly body: CustomerBody;
};
export type GenesysEvent =
  | CustomerEvent
  | (Read & { readonly type: "userStart"; readonly body: z.infer<typeof userBody> })
  | (Read & { readonly type: "attributes"; readonly body: z.infer<typeof attributesBody> })
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
    default:
      return { type: "other", ...common(envelope, undefined) };
  }
}

function typed<T extends string, B extends { eventTime?: number | undefined }>(
  type: T,
  schema: z.ZodType<B>,
  envelope: Envelope,
): (Read & { readonly type: T; readonly body: B }) | Failure {
  const read = schema.safeParse(envelope.eventBody);
  if (!read.success) {
    return badEvent(`${envelope.detailType}: detail.eventBody ${firstOf(read.error)}`);
  }
  return { type, body: read.data, ...common(envelope, read.data.eventTime) };
}

function common(envelope: Envelope, eventTime: number | undefined): Read {
  return {
    envelopeId: envelope.id,
    correlationId: envelope.correlationId,
    topic: envelope.detailType,
    happenedAt: eventTime ?? envelope.sentAt ?? 0,
  };
}
