import { z } from "zod";
import type { Call } from "../domain/call.ts";
import {
  type ConversationAnswer,
  readConversationAnswer,
} from "../domain/conversation/conversation-answer.ts";
import type { ConversationId } from "../domain/event/ids.ts";
import type { EpochMs } from "../domain/time.ts";
import { readJson } from "../resilience/http/read-json.ts";
import type { RequestInfo } from "../resilience/http/status.ts";
import { failureOfAnswer } from "./failure.ts";
import type { GenesysSdk } from "./sdk.ts";

const what = "GET /api/v2/conversations/{id}";
const anyObject = z.record(z.string(), z.unknown());

/**
 * Reads a conversation (`GET /api/v2/conversations/{id}`, permission `conversation:communication:view`).
 * Undefined if Genesys does not know it.
 * @throws {Failure}
 */
export async function getConversation(
  sdk: GenesysSdk,
  id: ConversationId,
  call: Call,
  epochNow: () => EpochMs,
): Promise<ConversationAnswer | undefined> {
  const answer = await sdk.ask(call, () => sdk.conversations.getConversation(id));
  if (answer.status === 404) return undefined;
  const info: RequestInfo = { source: "genesys", what, now: epochNow() };
  if (answer.status !== 200) throw failureOfAnswer(answer, info);
  return readConversationAnswer(readJson(answer, anyObject, info));
}
