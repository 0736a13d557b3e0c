import { isCustomerEvent } from "../../src/domain/conversation/route.ts";
import { readEvent } from "../../src/domain/event/read-event.ts";
import { Failure, type FailureDetails } from "../../src/domain/failure.ts";
import { epochMs, monotonicMs } from "../../src/domain/time.ts";
import {
  type ConversationStore,
  createConversationStore,
} from "../../src/pipeline/conversation-store.ts";
import { newItem, type WorkItem } from "../../src/pipeline/work-item.ts";
import { sampleBody } from "./events.ts";

/** A work item of a call that has just started. Its message has the conversation's id. */
export function workItem(
  conversationId: string,
  store: ConversationStore = createConversationStore(undefined),
  ani = "tel:+15550190000",
): WorkItem {
  const body = sampleBody("customer-start-voice", { conversationId, ani });
  const event = readEvent(body);
  if (event instanceof Failure || !isCustomerEvent(event)) throw new TypeError("no customer event");
  const session = store.session(event.body);
  session.ownerMessageId = conversationId;
  const message = {
    messageId: conversationId,
    receiptHandle: "r",
    body,
    sentAt: epochMs(Date.now()),
    receiveCount: 1,
  };
  const conversation = store.conversation(event.body.conversationId);
  return newItem({ message, event, session, conversation, admittedAt: monotonicMs(0) });
}

/** A failure of Oracle. Default: 503. */
export function oracleFailure(details: Partial<FailureDetails> = {}): Failure {
  return new Failure({
    kind: "retryable",
    code: "server_error",
    source: "oracle",
    message: "Oracle answered 503",
    cure: "Nothing: it is retried.",
    ...details,
  });
}
