import {
  type ConversationParticipant,
  customerIn,
} from "../domain/conversation/conversation-answer.ts";
import type { OutsideSession } from "../domain/conversation/parties.ts";
import type { ParticipantAddresses } from "../domain/identity/customer.ts";
import { readReference } from "../domain/identity/reference.ts";
import type {
  ConversationCustomer,
  CustomerDirectory,
} from "../domain/ports/participant-attributes.ts";
import type { EpochMs, MonotonicMs } from "../domain/time.ts";
import { getConversation } from "./conversation.ts";
import { createRecentReads } from "./recent-reads.ts";
import type { GenesysSdk } from "./sdk.ts";

/**
 * Reads who the customer of a conversation is: not a party that an agent called meanwhile.
 * @param referenceAttribute the attribute in which flows collect a reference, if they do
 */
export function genesysCustomers(
  sdk: GenesysSdk,
  epochNow: () => EpochMs,
  referenceAttribute: string | undefined,
): CustomerDirectory {
  return {
    async find(conversationId, call) {
      const conversation = await getConversation(sdk, conversationId, call, epochNow);
      const customer = conversation && customerIn(conversation);
      if (customer === undefined) return undefined;
      const { externalContactId: contactId, attributes } = customer;
      const collected = referenceAttribute && attributes[referenceAttribute];
      return { addresses: addressesOf(customer), contactId, reference: readReference(collected) };
    },
  };
}

/** The addresses in the form that a `customer.start` event has. */
function addressesOf(customer: ConversationParticipant): ParticipantAddresses {
  const { ani, dnis, address, media, sessions } = customer;
  const last = (type: string) => media.findLast(({ mediaType }) => mediaType === type);
  const used =
    last("MESSAGE") ?? last("EMAIL") ?? last("CALLBACK") ?? last("VOICE") ?? last("CHAT");
  // `ani` and `dnis` are of the first session. A message has addresses of its own.
  const [first] = sessions.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  const own = used?.direction ?? customer.direction;
  const isMessage = used?.mediaType === "MESSAGE";
  return {
    mediaType: used?.mediaType ?? "VOICE",
    messageType: used?.messageType,
    direction: isMessage ? own : (directionOf(first) ?? own),
    ani,
    dnis,
    addressFrom: used?.fromAddress ?? address,
    addressTo: used?.toAddress ?? address,
    callbackNumbers: used?.callbackNumbers,
  };
}

function directionOf(session: OutsideSession | undefined): string | undefined {
  if (session === undefined || session.origin === "callback") return undefined;
  return session.origin === "came_in" ? "INBOUND" : "OUTBOUND";
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
