import { LRUCache } from "lru-cache";
import { CALL_DEADLINE_MS, type Call, Priority } from "../domain/call.ts";
import type { ConversationId } from "../domain/event/ids.ts";
import { asFailure, Failure } from "../domain/failure.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import { identify, identifyAddress, identifyContact } from "../domain/identity/customer.ts";
import type { Identified, Unusable } from "../domain/identity/identity.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  CustomerDirectory,
} from "../domain/ports/participant-attributes.ts";
import type { FoundHistory } from "../domain/summary/sentences.ts";
import { after, type EpochMs, elapsed, type MonotonicMs } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { LookupRequest } from "./request.ts";

/** What a lookup on demand brings. `asOf` is when Oracle gave it, epoch ms. */
export type LookupAnswer =
  | { readonly match: "found"; readonly history: FoundHistory; readonly asOf: EpochMs }
  | { readonly match: "not_found" | "ambiguous"; readonly asOf: EpochMs }
  /** Nobody to look up by this number or address; Oracle was not asked. */
  | { readonly match: "anonymous"; readonly why: Unusable }
  /** Oracle is still being asked. What it says is in the cache soon. */
  | { readonly match: "pending" };

/** What lookups are made with. */
export interface LookupDeps {
  readonly history: CachedHistory;
  /** Undefined where Genesys is not asked: no conversation can be named then. */
  readonly genesys:
    | { readonly customers: CustomerDirectory; readonly contacts: ContactDirectory }
    | undefined;
  readonly defaultRegion: PhoneRegion;
  readonly report: Report;
  readonly now: () => MonotonicMs;
  /** Aborted when the process stops: what goes on behind a `pending` ends then. */
  readonly signal: AbortSignal;
}

/**
 * Looks one customer up: the history that the worker would find, from the same cache. Where that takes
 * longer than `deadlineMs`, the answer is `pending`; the lookup goes on, for 30 s at most, and fills the
 * cache.
 * @throws {Failure} where there is nothing to be had: Oracle is down, or there is no such conversation.
 */
export type Lookup = (request: LookupRequest, deadlineMs: number) => Promise<LookupAnswer>;

const IDENTITIES_KEPT = 10_000;

interface Looked {
  readonly answer: Exclude<LookupAnswer, { match: "pending" }>;
  readonly identifiedBy: string;
  readonly cached: boolean;
}

export function createLookup(tools: LookupDeps): Lookup {
  const { report, now, signal } = tools;
  const identified = new LRUCache<string, Identified>({ max: IDENTITIES_KEPT });

  /** Reading a number takes longer than everything else in a cached lookup. */
  function identityOf(address: string): Identified {
    const by = identified.get(address) ?? identifyAddress(address, tools);
    identified.set(address, by);
    return by;
  }

  async function look(request: LookupRequest, call: Call): Promise<Looked> {
    const by =
      request.by === "conversation"
        ? await customerOf(request.conversationId, call, tools)
        : identityOf(request.address);
    if (!by.usable) {
      return { answer: { match: "anonymous", why: by.why }, identifiedBy: by.why, cached: true };
    }
    const { history, asOf, cached } = await tools.history.find(by.identity, call);
    const { match } = history;
    const answer = match === "found" ? { match, history, asOf } : { match, asOf };
    return { answer, identifiedBy: by.identity.kind, cached };
  }

  return async (request, deadlineMs) => {
    const begun = now();
    const deadline = after(begun, CALL_DEADLINE_MS);
    const work = look(request, { signal, priority: Priority.live, deadline });
    let late = false;
    work.catch((error) => {
      if (!signal.aborted) report("lookup.failed", { ...failedFields(asFailure(error)), late });
    });
    const looked = await atMost(work, deadlineMs);
    late = looked === undefined;
    report("lookup.answered", {
      by: request.by,
      status: looked?.answer.match ?? "pending",
      identifiedBy: looked?.identifiedBy ?? "unknown",
      cached: looked?.cached ?? false,
      tookMs: Math.round(elapsed(begun, now())),
    });
    return looked?.answer ?? { match: "pending" };
  };
}

/** As for an event: by the participant's own address, else by the external contact. */
async function customerOf(
  conversationId: ConversationId,
  call: Call,
  { genesys, defaultRegion }: LookupDeps,
): Promise<Identified> {
  if (genesys === undefined) throw withoutGenesys();
  const customer = await genesys.customers.find(conversationId, call);
  if (customer === undefined) throw noConversation();
  const { addresses, contactId } = customer;
  const address = identify(addresses, { defaultRegion });
  if (address.usable || contactId === undefined) return address;
  const contact = await genesys.contacts.find(contactId, call);
  const byContact = contact && identifyContact(contact, { defaultRegion });
  return byContact?.usable ? byContact : address;
}

/** Undefined where it takes longer. */
async function atMost<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutGenesys(): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message: "conversationId cannot be looked up: Genesys Cloud is not configured",
    cure: "Set GENESYS_CLIENT_ID and what belongs to it, or send phoneNumber or email.",
  });
}

function noConversation(): Failure {
  return new Failure({
    kind: "permanent",
    code: "conversation_not_found",
    source: "genesys",
    message: "Genesys Cloud knows no such conversation, or no customer in it",
    cure: "Does it belong to the org of GENESYS_REGION and the OAuth client?",
  });
}
