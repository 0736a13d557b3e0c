import { type Message, MessageSystemAttributeName } from "@aws-sdk/client-sqs";
import { conversationOf, type GenesysEvent, readEvent } from "../../domain/event/read-event.ts";
import { Failure } from "../../domain/failure.ts";
import {
  HISTORY_ATTRIBUTE,
  type MessageAttributes,
  REASON_ATTRIBUTE,
  type ReplayHistory,
  readHistory,
  readReason,
  type StoredReason,
} from "../../queue/dead-letter.ts";

/** What sent a message to the dead-letter queue, and the reason it gave. `dlq show --json` prints it. */
type Origin =
  /** Ringahead's worker, with its reason. */
  | { readonly by: "worker"; readonly reason: StoredReason }
  /** EventBridge could not deliver it (EventBridge User Guide, "Using dead-letter queues"). */
  | { readonly by: "eventbridge"; readonly delivery: RuleDeliveryFailure }
  /** SQS's own redrive: workers crashed or timed out on the message again and again. */
  | { readonly by: "sqs"; readonly receives: number }
  /** Something else: Ringahead did not write its `failure` attribute. */
  | { readonly by: "unknown" };

/** The attributes that EventBridge adds to an event that it could not deliver. */
interface RuleDeliveryFailure {
  readonly errorCode: string;
  readonly errorMessage: string | undefined;
  readonly ruleArn: string | undefined;
  readonly targetArn: string | undefined;
  readonly retryAttempts: string | undefined;
  readonly exhausted: string | undefined;
}

/**
 * A message of the dead-letter queue: the event, and why it is there. Times are epoch ms. `dlq show --json`
 * prints these fields under these names.
 */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly origin: Origin;
  /** The failure's code; `crashed`, `delivery_failed` and `unreadable` beside those of the worker. */
  readonly code: string;
  readonly history: ReplayHistory | undefined;
  /** How often it was replayed. */
  readonly replayed: number;
  readonly eventId: string | undefined;
  readonly conversationId: string | undefined;
  /** The participant of the event. */
  readonly participantId: string | undefined;
  readonly topic: string | undefined;
  readonly mediaType: string | undefined;
  /** Why the body is not an event; undefined if it is one. */
  readonly notEvent: string | undefined;
  /** When the event happened, or when the message was sent if the event does not say. */
  readonly happenedAt: number;
}

/** The attributes to request when receiving dead letters. */
export const REQUESTED_ATTRIBUTES = {
  MessageSystemAttributeNames: [
    MessageSystemAttributeName.ApproximateReceiveCount,
    MessageSystemAttributeName.SentTimestamp,
  ],
  MessageAttributeNames: [
    REASON_ATTRIBUTE,
    HISTORY_ATTRIBUTE,
    "ERROR_CODE",
    "ERROR_MESSAGE",
    "RULE_ARN",
    "TARGET_ARN",
    "RETRY_ATTEMPTS",
    "EXHAUSTED_RETRY_CONDITION",
  ],
};

/** [pure] Accepts any message. `now` (epoch ms) replaces a missing sent time. */
export function readDeadLetter(message: Message, now: number): DeadLetter {
  const body = message.Body ?? "";
  const sentAt = Number(message.Attributes?.SentTimestamp) || now;
  const origin = originOf(message);
  const reason = origin.by === "worker" ? origin.reason : undefined;
  const history =
    reason === undefined ? readHistory(message.MessageAttributes, sentAt) : historyOf(reason);
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body,
    origin,
    code: codeOf(origin),
    history,
    replayed: history?.count ?? 0,
    ...eventFields(body, reason, sentAt),
  };
}

function originOf(message: Message): Origin {
  const attributes = message.MessageAttributes;
  const reason = readReason(attributes);
  if (reason === "unreadable") return { by: "unknown" };
  if (reason !== undefined) return { by: "worker", reason };
  const errorCode = attributeText(attributes, "ERROR_CODE");
  if (errorCode === undefined) {
    return { by: "sqs", receives: Number(message.Attributes?.ApproximateReceiveCount) || 1 };
  }
  return {
    by: "eventbridge",
    delivery: {
      errorCode: errorCode.replace(/\W/g, "").slice(0, 60),
      errorMessage: attributeText(attributes, "ERROR_MESSAGE"),
      ruleArn: attributeText(attributes, "RULE_ARN"),
      targetArn: attributeText(attributes, "TARGET_ARN"),
      retryAttempts: attributeText(attributes, "RETRY_ATTEMPTS"),
      exhausted: attributeText(attributes, "EXHAUSTED_RETRY_CONDITION"),
    },
  };
}

/** Text of another system: without control characters and shortened, so that a terminal can show it. */
function attributeText(
  attributes: MessageAttributes | undefined,
  name: string,
): string | undefined {
  return attributes?.[name]?.StringValue?.replace(/\p{C}/gu, " ").slice(0, 500);
}

function codeOf(origin: Origin): string {
  switch (origin.by) {
    case "worker":
      return origin.reason.code;
    case "eventbridge":
      return "delivery_failed";
    case "sqs":
      return "crashed";
    case "unknown":
      return "unreadable";
  }
}

function historyOf(reason: StoredReason): ReplayHistory | undefined {
  if (reason.replayed === undefined) return undefined;
  return { count: reason.replayed, firstAt: reason.firstAt, replays: reason.replays ?? [] };
}

/** From the event, or from the reason if the body is not an event. */
function eventFields(body: string, reason: StoredReason | undefined, sentAt: number) {
  const event = readEvent(body);
  if (event instanceof Failure) {
    return {
      eventId: undefined,
      conversationId: safeWord(reason?.conversationId),
      participantId: undefined,
      topic: safeWord(reason?.topic),
      mediaType: undefined,
      notEvent: event.message,
      happenedAt: sentAt,
    };
  }
  const content = "body" in event ? event.body : undefined;
  return {
    eventId: safeWord(event.envelopeId),
    conversationId: conversationOf(event),
    participantId: content && "participantId" in content ? content.participantId : undefined,
    topic: safeWord(event.topic),
    mediaType: mediaTypeOf(content),
    notEvent: undefined,
    happenedAt: isPlausible(event.happenedAt, sentAt) ? event.happenedAt : sentAt,
  };
}

type EventBody = Extract<GenesysEvent, { readonly body: unknown }>["body"];

/** An `attributes` event names the media types of its participant's communications. */
function mediaTypeOf(body: EventBody | undefined): string | undefined {
  if (body === undefined) return undefined;
  if ("communications" in body) return body.communications?.[0]?.mediaType;
  return "mediaType" in body ? body.mediaType : undefined;
}

const DAY_MS = 86_400_000;

/** Event times more than a day after the sent time come from a wrong clock. */
function isPlausible(happenedAt: number, sentAt: number): boolean {
  return happenedAt > 0 && happenedAt <= sentAt + DAY_MS;
}

/** An id or a topic that is safe to print; undefined for any other text. */
function safeWord(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.{}-]{1,200}$/.test(value) ? value : undefined;
}
