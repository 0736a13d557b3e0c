import { z } from "zod";
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
import { failureOfAnswer } from "./failure.ts";
import type { GenesysSdk } from "./sdk.ts";

const PATCH = "PATCH /api/v2/conversations/{id}/participants/{id}/attributes";
const GET_CONVERSATION = "GET /api/v2/conversations/{id}";
const GET_CONTACT = "GET /api/v2/externalcontacts/contacts/{id}";

/** Writes participant attributes with one PATCH and no GET before it. */
export function genesysAttributes(sdk: GenesysSdk, now: () => EpochMs): ParticipantAttributes {
  return {
    async write({ conversationId, participantId }, attributes, call) {
      const answer = await sdk.ask(call, () =>
        sdk.conversations.patchConversationParticipantAttributes(conversationId, participantId, {
          attributes: { ...attributes },
        }),
      );
      // 202 is documented; older stacks answered 200 and 204.
      if (answer.status >= 200 && answer.status < 300) return;
      throw failureOfConversation(answer, { source: "genesys", what: PATCH, now: now() });
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

/** Reads external contacts; needs the permission `externalContacts:contact:view`. */
export function genesysContacts(sdk: GenesysSdk, now: () => EpochMs): ContactDirectory {
  return {
    async find(contactId, call) {
      const answer = await sdk.ask(call, () =>
        sdk.externalContacts.getExternalcontactsContact(contactId),
      );
      if (answer.status === 404) return undefined;
      const asked: RequestInfo = { source: "genesys", what: GET_CONTACT, now: now() };
      if (answer.status !== 200) throw failureOfAnswer(answer, asked);
      const contact = readJson(answer, contactSchema, asked);
      return {
        phones: [contact.cellPhone, contact.workPhone, contact.homePhone, contact.otherPhone]
          .map((number) => number?.e164 ?? number?.display)
          .filter(isGiven),
        emails: [contact.personalEmail, contact.workEmail, contact.otherEmail].filter(isGiven),
      };
    },
  };
}

const conversationSchema = z.object({
  endTime: z.string().nullish(),
  participants: z
    .array(z.object({ purpose: z.string().nullish(), endTime: z.string().nullish() }))
    .nullish(),
});

/** Reads conversations; needs the permission `conversation:communication:view`. */
export function genesysConversations(sdk: GenesysSdk, now: () => EpochMs): ConversationDirectory {
  return {
    async state(conversationId, call) {
      const answer = await sdk.ask(call, () => sdk.conversations.getConversation(conversationId));
      if (answer.status === 404) return "unknown";
      const asked: RequestInfo = { source: "genesys", what: GET_CONVERSATION, now: now() };
      if (answer.status !== 200) throw failureOfAnswer(answer, asked);
      const { endTime, participants } = readJson(answer, conversationSchema, asked);
      if (isGiven(endTime)) return "ended";
      const customers = (participants ?? []).filter(
        ({ purpose }) => purpose === "customer" || purpose === "external",
      );
      const left = customers.length > 0 && customers.every((customer) => isGiven(customer.endTime));
      return left ? "ended" : "living";
    },
  };
}

function isGiven(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/** A 404 says that the conversation is not there, or not in this org. */
function failureOfConversation(answer: HttpAnswer, asked: RequestInfo): Failure {
  const failure = failureOfAnswer(answer, asked);
  if (answer.status !== 404) return failure;
  return new Failure({
    ...failure,
    kind: "permanent",
    code: "conversation_not_found",
    message: failure.message,
    cure: "Does the event come from the org that GENESYS_REGION and the OAuth client belong to?",
  });
}
