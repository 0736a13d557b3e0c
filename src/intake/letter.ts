import type { FailureCode, FailureKind, FailureSource } from "../failure.ts";

/** Why a message is a dead letter: ids and codes, no personal data. */
export interface LetterReason {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly source: FailureSource;
  readonly reason: string;
  readonly cure: string;
  readonly status?: number | undefined;
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly conversationId?: string | undefined;
  readonly topic?: string | undefined;
  readonly correlationId?: string | undefined;
  /** Bytes of the body as it was received, where only its beginning fitted beside the reason. */
  readonly bodyCutFrom?: number | undefined;
}

/** A dead letter as it is sent: the body as it came, and the reason as JSON. */
export interface Letter {
  readonly body: string;
  readonly reason: string;
}

/** SQS counts an attribute's name, type and value with the body. */
const ATTRIBUTE_OVERHEAD_BYTES = 64;

/**
 * [pure] Makes body and reason fit into one message. The reason loses its prose first. Only a body
 * that fills the queue's limit to the last bytes is cut; EventBridge's largest event leaves room.
 */
export function fitLetter(body: string, reason: LetterReason, largestBytes: number): Letter {
  const room = largestBytes - ATTRIBUTE_OVERHEAD_BYTES;
  const { code, kind, source, attempts, firstAt, lastAt } = reason;
  const short = { code, kind, source, attempts, firstAt, lastAt };
  const bytes = Buffer.byteLength(body);
  for (const told of [reason, short]) {
    const json = JSON.stringify(told);
    if (bytes + Buffer.byteLength(json) <= room) return { body, reason: json };
  }
  const json = JSON.stringify({ ...short, bodyCutFrom: bytes });
  return { body: cut(body, room - Buffer.byteLength(json)), reason: json };
}

/** The longest beginning that takes at most `bytes` in UTF-8 and splits no character. */
function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}
