import { z } from "zod";
import { type ConversationAnswer, partIn } from "../domain/conversation/conversation-answer.ts";
import { Failure } from "../domain/failure.ts";
import type {
  ContactDirectory,
  ConversationDirectory,
  ParticipantAttributes,
} from "../domain/ports/participant-attributes.ts";
import type { EpochMs } from "../domain/time.ts";
import type { HttpAnswer } from "../resilience/http/client.ts";
import { readJson } from "../resilience/http/read-json.ts";
import type { RequestInfo } from "../resilience/http/status.ts";
import { getConversation } from "./conversation.ts";
import { failureOfAnswer } from "./failure.ts";
import type { GenesysSdk } from "./sdk.ts";

const PATCH = "PATCH /api/v2/conversations/{id}/participants/{id}/attributes";
const GET_CONTACT = "GET /api/v2/externalcontacts/contacts/{id}";

/** Writes participant attributes with one PATCH and no GET before it. */
export function genesysAttributes(sdk: GenesysSdk, epochNow: () => EpochMs): ParticipantAttributes {
  return {
    async write({ conversationId, participantId }, attributes, call) {
      const answer = await sdk.ask(call, () =>
        sdk.conversations.patchConversationParticipantAttributes(conversationId, participantId, {
          attributes: { ...attributes },
        }),
      );
      // 202 is documented. Older versions of the API answered 200 and 204.
      if (answer.status >= 200 && answer.status < 300) return;
      throw failureOfConversation(answer, { source: "genesys", what: PATCH, now: epochNow() });
    },
  };
}

const phone = z
  .object({ e164: z.string().nullish(), display: z.string().nullish() })
  .nullish()
  .catch(undefined);
const email = z.string().nullish().catch(undefined);
const contactSchema = z.object({
  cellPhone: phone,
  workPhone: phone,
  homePhone: phone,
  otherPhone: phone,
  personalEmail: email,
  workEmail: email,
  otherEmail: email,
});

/** Reads external contacts. Needs the permission `externalContacts:contact:view`. */
export function genesysContacts(sdk: GenesysSdk, epochNow: () => EpochMs): ContactDirectory {
  return {
    async find(contactId, call) {
      const answer = await sdk.ask(call, () =>
        sdk.externalContacts.getExternalcontactsContact(contactId),
      );
      if (answer.status === 404) return undefined;
      const info: RequestInfo = { source: "genesys", what: GET_CONTACT, now: epochNow() };
      if (answer.status !== 200) throw failureOfAnswer(answer, info);
      const contact = readJson(answer, contactSchema, info);
      return {
        phones: [contact.cellPhone, contact.workPhone, contact.homePhone, contact.otherPhone]
          .map((number) => number?.e164 ?? number?.display)
          .filter(isText),
        emails: [contact.personalEmail, contact.workEmail, contact.otherEmail].filter(isText),
      };
    },
  };
}

/** Reads conversations. Needs the permission `conversation:communication:view`. */
export function genesysConversations(
  sdk: GenesysSdk,
  epochNow: () => EpochMs,
): ConversationDirectory {
  return {
    async states(conversationId, call) {
      const conversation = await getConversation(sdk, conversationId, call, epochNow);
      return conversation === undefined ? undefined : (id) => stateOf(conversation, id);
    },
  };
}

/** A participant that Genesys does not list is judged by the customers of the conversation. */
function stateOf(conversation: ConversationAnswer, participantId: string | undefined) {
  const { hasEnded, participants } = conversation;
  if (hasEnded) return "ended";
  const own = participants.find(({ id }) => id === participantId);
  if (own !== undefined) {
    if (own.hasLeft) return "ended";
    return partIn(conversation, own) === "third_party" ? "third_party" : "living";
  }
  const customers = participants.filter(({ sessions }) => sessions.length > 0);
  const left = customers.length > 0 && customers.every(({ hasLeft }) => hasLeft);
  return left ? "ended" : "living";
}

function isText(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/** A 404 means that this org has no such conversation. */
function failureOfConversation(answer: HttpAnswer, info: RequestInfo): Failure {
  const failure = failureOfAnswer(answer, info);
  if (answer.status !== 404) return failure;
  return new Failure({
    ...failure,
    kind: "permanent",
    code: "conversation_not_found",
    message: failure.message,
    cure: "Check that the event comes from the org of GENESYS_REGION and the OAuth client.",
  });
}
