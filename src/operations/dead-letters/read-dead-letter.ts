import { type Message, MessageSystemAttributeName } from "@aws-sdk/client-sqs";
import { conversationOf, readEvent } from "../../domain/event/read-event.ts";
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

/** Who put a letter into the queue, and what they said of it. */
export type Origin =
  /** Ringahead's worker, with its reason. */
  | { readonly by: "worker"; readonly reason: StoredReason }
  /** EventBridge could not deliver it (EventBridge User Guide, "Using dead-letter queues"). */
  | { readonly by: "eventbridge"; readonly delivery: RuleDeliveryFailure }
  /** SQS's own redrive: the worker crashed or timed out on it, again and again. */
  | { readonly by: "sqs"; readonly receives: number }
  /** Something else: its `failure` attribute is not ours. */
  | { readonly by: "unknown" };

/** EventBridge's own attributes of an event that it could not deliver. */
export interface RuleDeliveryFailure {
  readonly errorCode: string;
  readonly errorMessage: string | undefined;
  readonly ruleArn: string | undefined;
  readonly targetArn: string | undefined;
  readonly retryAttempts: string | undefined;
  readonly exhausted: string | undefined;
}

/** A dead letter as it is read: the event, and why it is here. Times are epoch ms. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly origin: Origin;
  /** The failure's code; `crashed`, `delivery_failed` and `unreadable` beside those of the worker. */
  readonly code: string;
  readonly history: ReplayHistory | undefined;
  /** How often it was put back already. */
  readonly replayed: number;
  readonly eventId: string | undefined;
  readonly conversationId: string | undefined;
  readonly topic: string | undefined;
  readonly mediaType: string | undefined;
  /** What is wrong with the body, where it is no event. */
  readonly notEvent: string | undefined;
  /** When the event happened; where it does not say, when it was sent. */
  readonly happenedAt: number;
}

/** What has to be asked for when dead letters are received. */
export const ATTRIBUTES_ASKED = {
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

/** [pure] Reads a message of the dead-letter queue, whatever it holds. `now` stands in for a missing time. */
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
    ...eventOf(body, reason, sentAt),
  };
}

function originOf(message: Message): Origin {
  const attributes = message.MessageAttributes;
  const reason = readReason(attributes);
  if (reason === "unreadable") return { by: "unknown" };
  if (reason !== undefined) return { by: "worker", reason };
  const errorCode = text(attributes, "ERROR_CODE");
  if (errorCode === undefined) {
    return { by: "sqs", receives: Number(message.Attributes?.ApproximateReceiveCount) || 1 };
  }
  return {
    by: "eventbridge",
    delivery: {
      errorCode: errorCode.replace(/\W/g, "").slice(0, 60),
      errorMessage: text(attributes, "ERROR_MESSAGE"),
      ruleArn: text(attributes, "RULE_ARN"),
      targetArn: text(attributes, "TARGET_ARN"),
      retryAttempts: text(attributes, "RETRY_ATTEMPTS"),
      exhausted: text(attributes, "EXHAUSTED_RETRY_CONDITION"),
    },
  };
}

/** As a terminal may show it: somebody else's words, without control characters, not too long. */
function text(attributes: MessageAttributes | undefined, name: string): string | undefined {
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

/** What the event says of itself; the reason fills in where the body is no event. */
function eventOf(body: string, reason: StoredReason | undefined, sentAt: number) {
  const event = readEvent(body);
  if (event instanceof Failure) {
    const conversationId = word(reason?.conversationId);
    const topic = word(reason?.topic);
    const eventId = undefined;
    const mediaType = undefined;
    return {
      eventId,
      conversationId,
      topic,
      mediaType,
      notEvent: event.message,
      happenedAt: sentAt,
    };
  }
  const about = "body" in event ? event.body : undefined;
  return {
    eventId: word(event.envelopeId),
    conversationId: conversationOf(event),
    topic: word(event.topic),
    mediaType: about !== undefined && "mediaType" in about ? about.mediaType : undefined,
    notEvent: undefined,
    happenedAt: isTime(event.happenedAt, sentAt) ? event.happenedAt : sentAt,
  };
}

const DAY_MS = 86_400_000;

/** A clock that is wrong by more than a day is not believed. */
function isTime(happenedAt: number, sentAt: number): boolean {
  return happenedAt > 0 && happenedAt <= sentAt + DAY_MS;
}

/** An id or a topic; anything could stand in its place, and it is shown. */
function word(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.{}-]{1,200}$/.test(value) ? value : undefined;
}
