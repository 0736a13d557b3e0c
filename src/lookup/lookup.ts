import { LRUCache } from "lru-cache";
import { CALL_DEADLINE_MS, type Call, Priority } from "../domain/call.ts";
import type { ConversationId } from "../domain/event/ids.ts";
import { asFailure, Failure } from "../domain/failure.ts";
import { type CustomerKeys, findCustomer } from "../domain/history/find-customer.ts";
import type { MatchedHistory, Organisation } from "../domain/history/history.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import { identify, identifyAddress } from "../domain/identity/customer.ts";
import type { Identified, Unusable } from "../domain/identity/identity.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  ConversationCustomer,
  CustomerDirectory,
} from "../domain/ports/participant-attributes.ts";
import type { Outcome } from "../domain/summary/summarise.ts";
import { after, type EpochMs, elapsed, type MonotonicMs } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { LookupRequest } from "./request.ts";

/** A customer who was found, and how. */
type FoundCustomer = Extract<MatchedHistory, { match: "found" }>;

/** The answer to a lookup on demand. `asOf` is the time of Oracle's answer, epoch ms. */
export type LookupAnswer =
  | { readonly match: "found"; readonly history: FoundCustomer; readonly asOf: EpochMs }
  | { readonly match: "not_found"; readonly asOf: EpochMs }
  | {
      readonly match: "ambiguous";
      readonly organisation: Organisation | undefined;
      readonly asOf: EpochMs;
    }
  /** This number or address cannot identify a customer. No request was sent to Oracle. */
  | { readonly match: "anonymous"; readonly why: Unusable }
  /** The lookup continues, and its result goes into the cache. */
  | { readonly match: "pending" };

export interface LookupDeps {
  readonly history: CachedHistory;
  /** Undefined if Genesys Cloud is not configured: lookups by conversation fail then. */
  readonly genesys:
    | { readonly customers: CustomerDirectory; readonly contacts: ContactDirectory }
    | undefined;
  readonly defaultRegion: PhoneRegion;
  readonly report: Report;
  readonly now: () => MonotonicMs;
  /** Aborted when the process stops. It also ends lookups that were answered with `pending`. */
  readonly signal: AbortSignal;
}

/**
 * Looks up the history of one customer, from the same cache as the worker. After `deadlineMs` the answer
 * is `pending`, and the lookup continues for up to 30 s and fills the cache.
 * @throws {Failure} if Oracle or Genesys Cloud is unavailable, or the conversation does not exist.
 */
export type Lookup = (request: LookupRequest, deadlineMs: number) => Promise<LookupAnswer>;

const IDENTITIES_KEPT = 10_000;
const UNREADABLE: Identified = { usable: false, why: "opaque" };

interface LookupResult {
  readonly answer: Exclude<LookupAnswer, { match: "pending" }>;
  readonly identifiedBy: string;
  readonly cached: boolean;
}

export function createLookup(deps: LookupDeps): Lookup {
  const { report, now, signal } = deps;
  const identified = new LRUCache<string, Identified>({ max: IDENTITIES_KEPT });

  /** Parsing a number takes longer than the rest of a cached lookup. */
  function identityOf(address: string): Identified {
    const by = identified.get(address) ?? identifyAddress(address, deps);
    identified.set(address, by);
    return by;
  }

  async function keysOf(request: LookupRequest, call: Call): Promise<CustomerKeys> {
    const { reference } = request;
    switch (request.by) {
      case "conversation": {
        const customer = await customerOf(request.conversationId, call, deps);
        const { addresses, contactId } = customer;
        return {
          own: identify(addresses, deps),
          reference: reference ?? customer.reference,
          contactId,
        };
      }
      case "reference":
        return { own: reference ? undefined : UNREADABLE, reference, contactId: undefined };
      default:
        return { own: identityOf(request.address), reference, contactId: undefined };
    }
  }

  async function lookUp(request: LookupRequest, call: Call): Promise<LookupResult> {
    const found = await findCustomer(
      await keysOf(request, call),
      {
        defaultRegion: deps.defaultRegion,
        findHistory: deps.history.find,
        findContact: async (contactId, at) => deps.genesys?.contacts.find(contactId, at),
      },
      call,
    );
    if (found.kind === "no_key") {
      const { why } = found;
      return { answer: { match: "anonymous", why }, identifiedBy: why, cached: true };
    }
    const { history, asOf, identity, cached } = found;
    return { answer: answerOf(history, asOf), identifiedBy: identity.kind, cached };
  }

  return async (request, deadlineMs) => {
    const begun = now();
    const deadline = after(begun, CALL_DEADLINE_MS);
    const result = lookUp(request, { signal, priority: Priority.live, deadline });
    let late = false;
    result.catch((error) => {
      if (!signal.aborted) report("lookup.failed", { ...failedFields(asFailure(error)), late });
    });
    const inTime = await within(result, deadlineMs);
    late = inTime === undefined;
    report("lookup.answered", {
      by: request.by,
      status: inTime?.answer.match ?? "pending",
      identifiedBy: inTime?.identifiedBy ?? "unknown",
      cached: inTime?.cached ?? false,
      tookMs: Math.round(elapsed(begun, now())),
    });
    return inTime?.answer ?? { match: "pending" };
  };
}

/** The customer of a conversation, as Genesys Cloud has it now. */
async function customerOf(
  conversationId: ConversationId,
  call: Call,
  { genesys }: LookupDeps,
): Promise<ConversationCustomer> {
  if (genesys === undefined) throw withoutGenesys();
  const customer = await genesys.customers.find(conversationId, call);
  if (customer === undefined) throw noConversation();
  return customer;
}

function answerOf(history: MatchedHistory, asOf: EpochMs): LookupResult["answer"] {
  switch (history.match) {
    case "found":
      return { match: "found", history, asOf };
    case "not_found":
      return { match: "not_found", asOf };
    case "ambiguous":
      return { match: "ambiguous", organisation: history.organisation, asOf };
  }
}

/** [pure] What the worker would write a summary of. */
export function outcomeOf(answer: Exclude<LookupAnswer, { match: "pending" }>): Outcome {
  switch (answer.match) {
    case "found":
      return answer.history;
    case "ambiguous":
      return { match: "ambiguous", organisation: answer.organisation };
    default:
      return { match: answer.match };
  }
}

/** The result, or undefined after this time, in ms. */
async function within<T>(result: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([result, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutGenesys(): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message: "no lookup by conversationId: Genesys Cloud is not configured",
    cure: "Set the GENESYS_… variables, or send phoneNumber or email instead.",
  });
}

function noConversation(): Failure {
  return new Failure({
    kind: "permanent",
    code: "conversation_not_found",
    source: "genesys",
    message: "Genesys Cloud has no such conversation, or it has no customer",
    cure: "Check that the conversation belongs to the org of GENESYS_REGION and the OAuth client.",
  });
}
