import { customerIn, readConversationAnswer } from "../domain/conversation/conversation-answer.ts";

/** The part of a conversation that the page shows. */
export interface PanelConversation {
  readonly ended: boolean;
  /** The attributes of the customer. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * [pure] Reads the answer of `GET /api/v2/conversations/{id}`. The attributes are those of the
 * conversation's customer, even if another participant has a history and the customer has none yet.
 * @returns undefined if the body is not a conversation
 */
export function readConversation(body: unknown): PanelConversation | undefined {
  const answer = readConversationAnswer(body);
  if (answer === undefined) return undefined;
  return { ended: answer.hasEnded, attributes: customerIn(answer)?.attributes ?? {} };
}
