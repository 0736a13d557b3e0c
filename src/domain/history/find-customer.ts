import type { Call } from "../call.ts";
import { contactIdentities } from "../identity/contact.ts";
import type { ContactAddresses, IdentifyOptions } from "../identity/customer.ts";
import {
  type Identified,
  type Identity,
  identityKey,
  type Reference,
  type Unusable,
} from "../identity/identity.ts";
import type { IdentitySource, MatchedBy, Rank } from "../identity/rank.ts";
import type { EpochMs } from "../time.ts";
import type { History, MatchedHistory } from "./history.ts";
import type { CachedHistory } from "./history-store.ts";

/** Everything by which the customer of a participant may be found. */
export interface CustomerKeys {
  /** The participant's own number or address; undefined if it was looked up already. */
  readonly own: Identified | undefined;
  /** An account, customer or case number that a flow collected. */
  readonly reference: Reference | undefined;
  /** The participant's own external contact. */
  readonly contactId: string | undefined;
}

/** What finding a customer needs of others. */
export interface FindCustomerDeps extends IdentifyOptions {
  readonly findHistory: CachedHistory["find"];
  readonly findContact: (contactId: string, call: Call) => Promise<ContactAddresses | undefined>;
  /** Called before a lookup. */
  readonly trying?: (key: TriedKey) => void;
  /** Called after a lookup. */
  readonly tried?: (found: LookedUp) => void;
}

/** A key that is looked up. */
export interface TriedKey {
  readonly by: IdentitySource;
  readonly identity: Identity;
  /** The numbers as the contact has them; none if the identity is not a contact's. */
  readonly written: readonly string[];
}

/** The best result. */
export type Finding =
  | LookedUp
  /** There was no usable key. No request was sent to Oracle. */
  | { readonly kind: "no_key"; readonly why: Unusable };

/** The result of one lookup. */
export interface LookedUp extends TriedKey {
  readonly kind: "looked_up";
  readonly history: MatchedHistory;
  readonly asOf: EpochMs;
  /** True if no request was made. */
  readonly cached: boolean;
}

/** Each costs a request to Oracle. A contact has seven numbers and addresses. */
const MOST_CONTACT_LOOKUPS = 3;

/**
 * Finds the customer by the surest key that finds one: the own number or address if it is exact, then
 * the reference, then the external contact, then the national digits of the own number. A further key
 * is tried only if the keys before it did not settle who it is, so the usual case costs one lookup. A
 * number that was found by its national digits is not checked against the contact: most customers of a
 * site may be stored so, and each would cost a request to Genesys Cloud.
 * @throws {Failure} if Oracle or Genesys Cloud is not available
 */
export async function findCustomer(
  keys: CustomerKeys,
  deps: FindCustomerDeps,
  call: Call,
): Promise<Finding> {
  const { own, reference, contactId } = keys;
  const lookedUp = new Set<string>();

  async function lookUp(by: IdentitySource, identity: Identity, written: readonly string[]) {
    lookedUp.add(identityKey(identity));
    const key = { by, identity, written };
    deps.trying?.(key);
    const { history, asOf, cached } = await deps.findHistory(identity, call);
    const matched = matchedHistory(by, identity, history);
    const found: LookedUp = { kind: "looked_up", ...key, history: matched, asOf, cached };
    deps.tried?.(found);
    return found;
  }

  let best: Finding = { kind: "no_key", why: own?.usable === false ? own.why : "no_address" };
  if (own?.usable) best = await lookUp("address", own.identity, []);
  if (reference !== undefined && !isSurerThanReference(best)) {
    best = better(best, await lookUp("reference", { kind: "reference", reference }, []));
  }
  if (contactId === undefined || isFound(best)) return best;
  const contact = await deps.findContact(contactId, call);
  if (contact === undefined) return best;
  const identities = contactIdentities(contact, deps)
    .filter((identity) => !lookedUp.has(identityKey(identity)))
    .slice(0, MOST_CONTACT_LOOKUPS);
  for (const identity of identities) {
    best = better(best, await lookUp("contact", identity, contact.phones));
    if (isFound(best)) break;
  }
  return best;
}

function isFound(finding: Finding): boolean {
  return finding.kind === "looked_up" && finding.history.match === "found";
}

function isSurerThanReference(finding: Finding): boolean {
  return (
    finding.kind === "looked_up" &&
    finding.history.match === "found" &&
    finding.history.matchedBy !== "phone:national"
  );
}

const ORDER = ["found", "ambiguous", "not_found"] as const;

/** A further key is surer than the keys before it, so a customer whom it finds replaces another. */
function better(best: Finding, next: LookedUp): Finding {
  if (best.kind === "no_key" || next.history.match === "found") return next;
  return ORDER.indexOf(next.history.match) < ORDER.indexOf(best.history.match) ? next : best;
}

/** A cached history is the same object for every caller: so is what is made of it, and what callers derive. */
const matchedHistories = new WeakMap<History, Map<MatchedBy, MatchedHistory>>();

function matchedHistory(by: IdentitySource, identity: Identity, history: History): MatchedHistory {
  if (history.match !== "found") return history;
  const key = matchedBy(by, identity, history.rank);
  const known = matchedHistories.get(history) ?? new Map<MatchedBy, MatchedHistory>();
  const matched = known.get(key) ?? { ...history, matchedBy: key };
  matchedHistories.set(history, known.set(key, matched));
  return matched;
}

function matchedBy(by: IdentitySource, identity: Identity, rank: Rank): MatchedBy {
  if (by !== "address") return by;
  if (identity.kind === "phone") return `phone:${rank}`;
  return identity.kind === "email" ? "email:exact" : "reference";
}
