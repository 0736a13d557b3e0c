import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { FailureCode, FailureKind, FailureSource } from "../domain/failure.ts";

/** The message attribute of a dead letter that holds its reason as JSON (`docs/how-to/dead-letters.md`). */
export const REASON_ATTRIBUTE = "failure";
/** The message attribute of a replayed message that holds its history as JSON. */
export const HISTORY_ATTRIBUTE = "replays";

/** One replay of a dead letter. */
export interface Replay {
  /** Id of the run, as in its audit lines; `native` if SQS or a person moved the message. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The code of the failure that had made it a dead letter. */
  readonly code: string;
}

/** The replays of a message that was a dead letter before. */
export interface ReplayHistory {
  /** How often it was replayed; counted even if the replays themselves did not fit. */
  readonly count: number;
  /** When it first failed, ISO 8601, UTC. */
  readonly firstAt: string;
  /** The latest replays, oldest first. */
  readonly replays: readonly Replay[];
}

/** Why a message is a dead letter: ids and codes, no personal data. */
export interface DeadLetterReason {
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
  readonly eventId?: string | undefined;
  /** How often it was replayed before. */
  readonly replayed?: number | undefined;
  readonly replays?: readonly Replay[] | undefined;
  /** Bytes of the body as it was received, if only its beginning fits beside the reason. */
  readonly bodyCutFrom?: number | undefined;
}

const word = z.string().regex(/^\w{1,40}$/);
const id = z.string().max(200).optional().catch(undefined);
const count = z.number().int().nonnegative();
const replay = z.object({ run: word, at: z.string().max(40), code: word });
const reasonSchema = z.object({
  code: word,
  kind: word,
  source: word,
  reason: z.string().optional(),
  cure: z.string().optional(),
  status: count.optional(),
  attempts: count,
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  conversationId: id,
  topic: id,
  correlationId: id,
  replayed: count.optional(),
  replays: z.array(replay).optional().catch(undefined),
  bodyCutFrom: count.optional(),
});
const historySchema = z.object({
  count,
  firstAt: z.iso.datetime(),
  replays: z.array(replay).catch([]),
});

/** A reason as it is read: codes stay open, for another version may have written it. */
export type StoredReason = z.infer<typeof reasonSchema>;
export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** A dead letter as it is sent: the body as it was received, and the reason as JSON. */
export interface DeadLetterMessage {
  readonly body: string;
  readonly reason: string;
}

const REPLAYS_KEPT = 10;
/** SQS counts an attribute's name, type and value with the body. */
const ATTRIBUTE_OVERHEAD_BYTES = 64;

/**
 * [pure] Encodes body and reason so that both fit into one message. The reason loses its history
 * first, then its texts. Only a body close to the queue's limit is cut; EventBridge's largest event
 * leaves enough room.
 */
export function encodeDeadLetter(
  body: string,
  reason: DeadLetterReason,
  largestBytes: number,
): DeadLetterMessage {
  const room = largestBytes - ATTRIBUTE_OVERHEAD_BYTES;
  const { replays: _, ...noHistory } = reason;
  const { reason: _reason, cure: _cure, ...noTexts } = noHistory;
  const { code, kind, source, attempts, firstAt, lastAt, replayed } = reason;
  const short = { code, kind, source, attempts, firstAt, lastAt, replayed };
  const bytes = Buffer.byteLength(body);
  for (const version of [reason, noHistory, noTexts, short]) {
    const json = toJson(version);
    if (bytes + Buffer.byteLength(json) <= room) return { body, reason: json };
  }
  const json = toJson({ ...short, bodyCutFrom: bytes });
  return { body: cut(body, room - Buffer.byteLength(json)), reason: json };
}

/**
 * [pure] The history as JSON, beside a body that returns to a queue; without the replays if they do
 * not fit. Undefined if not even their count fits: that message could be replayed for ever.
 */
export function encodeHistory(
  body: string,
  history: ReplayHistory,
  largestBytes: number,
): string | undefined {
  const room = largestBytes - ATTRIBUTE_OVERHEAD_BYTES - Buffer.byteLength(body);
  const replays = history.replays.slice(-REPLAYS_KEPT);
  return [
    { ...history, replays },
    { ...history, replays: [] },
  ]
    .map(toJson)
    .find((json) => Buffer.byteLength(json) <= room);
}

/** [pure] The reason of a dead letter; `unreadable` if the attribute exists and is not a reason. */
export function readReason(
  attributes: MessageAttributes | undefined,
): StoredReason | "unreadable" | undefined {
  const attribute = attributes?.[REASON_ATTRIBUTE];
  if (attribute === undefined) return undefined;
  return readAttribute(attribute, reasonSchema) ?? "unreadable";
}

/**
 * [pure] The history of a message that was a dead letter before. A message that still has its reason
 * was moved by SQS' own redrive or by hand: that counts as a replay at `sentAt` (epoch ms).
 */
export function readHistory(
  attributes: MessageAttributes | undefined,
  sentAt: number,
): ReplayHistory | undefined {
  const history = attributes?.[HISTORY_ATTRIBUTE];
  if (history !== undefined) return readAttribute(history, historySchema);
  const reason = readReason(attributes);
  if (reason === undefined || reason === "unreadable") return undefined;
  return replayedOnce(reason, reason.firstAt, {
    run: "native",
    at: new Date(sentAt).toISOString(),
    code: reason.code,
  });
}

/** [pure] The history with one more replay. */
export function replayedOnce(
  before: {
    readonly replayed?: number | undefined;
    readonly replays?: readonly Replay[] | undefined;
  },
  firstAt: string,
  replay: Replay,
): ReplayHistory {
  return {
    count: (before.replayed ?? 0) + 1,
    firstAt,
    replays: [...(before.replays ?? []), replay].slice(-REPLAYS_KEPT),
  };
}

function readAttribute<T>(attribute: MessageAttributeValue, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(attribute.StringValue ?? "")).data;
  } catch {
    return undefined;
  }
}

/** SQS accepts the characters of XML 1.0 only; JSON escapes all others but these two. */
function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\uFFFE\uFFFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16)}`,
  );
}

/** The longest beginning that takes at most `bytes` in UTF-8 and splits no character. */
function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}
