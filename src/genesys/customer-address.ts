import { z } from "zod";
import type { ParticipantAddresses } from "../domain/identity/customer.ts";
import type {
  ConversationCustomer,
  CustomerDirectory,
} from "../domain/ports/participant-attributes.ts";
import type { EpochMs, MonotonicMs } from "../domain/time.ts";
import { readJson } from "../resilience/http/read-json.ts";
import type { RequestInfo } from "../resilience/http/status.ts";
import { failureOfAnswer } from "./failure.ts";
import { createRecentReads } from "./recent-reads.ts";
import type { GenesysSdk } from "./sdk.ts";

const text = z.string().nullish();
const address = z.object({ addressNormalized: text, addressRaw: text }).nullish();
const media = z.object({ direction: text });
const participantSchema = z.object({
  purpose: text,
  endTime: text,
  address: text,
  ani: text,
  dnis: text,
  externalContactId: text,
  calls: z.array(media).nullish(),
  callbacks: z.array(media.extend({ callbackNumbers: z.array(z.string()).nullish() })).nullish(),
  emails: z.array(media).nullish(),
  messages: z
    .array(media.extend({ type: text, fromAddress: address, toAddress: address }))
    .nullish(),
});
const conversationSchema = z.object({ participants: z.array(participantSchema).nullish() });
type Participant = z.infer<typeof participantSchema>;

/**
 * Reads who the customer of a conversation is (`GET /api/v2/conversations/{id}`). Needs the permission
 * `conversation:communication:view`.
 */
export function genesysCustomers(sdk: GenesysSdk, epochNow: () => EpochMs): CustomerDirectory {
  return {
    async find(conversationId, call) {
      const answer = await sdk.ask(call, () => sdk.conversations.getConversation(conversationId));
      if (answer.status === 404) return undefined;
      const what = "GET /api/v2/conversations/{id}";
      const info: RequestInfo = { source: "genesys", what, now: epochNow() };
      if (answer.status !== 200) throw failureOfAnswer(answer, info);
      const { participants } = readJson(answer, conversationSchema, info);
      const customers = (participants ?? []).filter(
        ({ purpose }) => purpose === "customer" || purpose === "external",
      );
      const customer = customers.findLast(({ endTime }) => !endTime) ?? customers.at(-1);
      if (customer === undefined) return undefined;
      const contactId = customer.externalContactId || undefined;
      return { addresses: addressesOf(customer), contactId };
    },
  };
}

/** The addresses in the form that a `customer.start` event has. */
function addressesOf(customer: Participant): ParticipantAddresses {
  const address = customer.address ?? undefined;
  const both = { addressFrom: address, addressTo: address };
  const message = customer.messages?.at(-1);
  if (message !== undefined) {
    return {
      mediaType: "MESSAGE",
      messageType: message.type ?? undefined,
      direction: message.direction ?? undefined,
      addressFrom: spelled(message.fromAddress) ?? address,
      addressTo: spelled(message.toAddress) ?? address,
    };
  }
  const email = customer.emails?.at(-1);
  if (email !== undefined) {
    return { mediaType: "EMAIL", direction: email.direction ?? undefined, ...both };
  }
  const callback = customer.callbacks?.at(-1);
  if (callback !== undefined) {
    return { mediaType: "CALLBACK", callbackNumbers: callback.callbackNumbers ?? [] };
  }
  return {
    mediaType: "VOICE",
    direction: customer.calls?.at(-1)?.direction ?? undefined,
    ani: customer.ani ?? undefined,
    dnis: customer.dnis ?? undefined,
    ...both,
  };
}

function spelled(found: z.infer<typeof address>): string | undefined {
  return found?.addressNormalized || found?.addressRaw || undefined;
}

/**
 * Reads a conversation at most once in ten minutes. It remembers neither failures nor unknown
 * conversations.
 */
export function cacheCustomers(
  directory: CustomerDirectory,
  monotonicNow: () => MonotonicMs,
): CustomerDirectory {
  const reads = createRecentReads<ConversationCustomer>(monotonicNow);
  return {
    async find(conversationId, call) {
      const known = reads.get(conversationId);
      if (known !== undefined) return known;
      const customer = await directory.find(conversationId, call);
      if (customer !== undefined) reads.set(conversationId, customer);
      return customer;
    },
  };
}
