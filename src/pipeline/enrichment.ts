import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import { route } from "../domain/conversation/route.ts";
import { hasEnded } from "../domain/conversation/session.ts";
import { contactOf } from "../domain/event/read-event.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import { identify, identifyContact } from "../domain/identity/customer.ts";
import type { Identified } from "../domain/identity/identity.ts";
import { addressesOf } from "../domain/identity/number-form.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  ParticipantAttributes,
} from "../domain/ports/participant-attributes.ts";
import {
  type Attributes,
  type Outcome,
  type SummaryOptions,
  summarise,
} from "../domain/summary/summarise.ts";
import { after, elapsed } from "../domain/time.ts";
import type { Attempt, LookupResult, Progress } from "./attempt.ts";
import {
  type AbortReason,
  type AttemptResult,
  type Settlement,
  settlementOf,
} from "./attempt-result.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { EnrichmentReporter } from "./enrichment-facts.ts";
import { partOfItem, type WorkItem } from "./work-item.ts";
import type { WorkerClocks } from "./worker-clocks.ts";

/** The calls that an attempt makes. */
export interface EnrichmentCalls {
  readonly findHistory: CachedHistory["find"];
  readonly findContact: ContactDirectory["find"];
  readonly writeAttributes: ParticipantAttributes["write"];
}

export interface EnrichmentDeps {
  readonly calls: EnrichmentCalls;
  readonly store: ConversationStore;
  readonly reporter: EnrichmentReporter;
  readonly summary: SummaryOptions;
  readonly defaultRegion: PhoneRegion;
  readonly clocks: WorkerClocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/** By whom the customer is identified, and the numbers as they were written there. */
interface Identification {
  readonly by: "address" | "contact";
  readonly identified: Identified;
  readonly numbers: readonly (string | undefined)[];
}

/**
 * The enrichment of one conversation: one attempt (claim, identify, look up, summarise, write), and
 * what becomes of the work item after it (settle). It never rejects.
 */
export async function enrich(
  item: WorkItem,
  signal: AbortSignal,
  progress: Progress,
  deps: EnrichmentDeps,
): Promise<Settlement> {
  const result = await attemptOnce(item, signal, progress, deps);
  return settle(item, result, deps);
}

async function attemptOnce(
  item: WorkItem,
  signal: AbortSignal,
  progress: Progress,
  deps: EnrichmentDeps,
): Promise<AttemptResult> {
  const attempt = beginAttempt(item, signal, progress, deps);
  try {
    if (item.state.kind === "owes_unavailable") {
      return await writeUnavailable(item.state.failure, attempt, deps);
    }
    const refused = await claim(attempt, deps);
    if (refused !== undefined) return refused;
    for (let byContact = item.event.type === "contact"; ; byContact = true) {
      const identification = await identifyCustomer(byContact, attempt, deps);
      const found = await lookUp(identification, attempt, deps);
      progress.lookedUp(found.cached || found.outcome.match === "anonymous");
      if (lateContactMayHelp(item, found.outcome)) continue;
      const attributes = summarise(found.outcome, deps.summary, found.asOf);
      const stopped = await writeOnce(attributes, found, attempt, deps);
      if (stopped !== undefined) return stopped;
      // A contact that was named during the write left its lookup to this attempt.
      if (!lateContactMayHelp(item, found.outcome)) return { kind: "written" };
    }
  } catch (error) {
    progress.lookedUp(false);
    return aborted(signal) ?? { kind: "failed", failure: asFailure(error) };
  }
}

function beginAttempt(
  item: WorkItem,
  signal: AbortSignal,
  progress: Progress,
  { clocks, reporter }: EnrichmentDeps,
): Attempt {
  const startedAt = clocks.monotonicNow();
  const deadline = after(startedAt, CALL_DEADLINE_MS);
  const about = reporter.begun(item, startedAt);
  return {
    item,
    progress,
    startedAt,
    call: { signal, priority: priorityOf(item), deadline, about },
  };
}

/** The session is ours in the fleet, and still needs this. @returns the result if it is not so */
async function claim(
  { item }: Attempt,
  { store, reporter }: EnrichmentDeps,
): Promise<AttemptResult | undefined> {
  const { event, session, messageId } = item;
  const { body } = event;
  const owner = await store.share(body.conversationId, body, { claim: messageId });
  if (owner !== undefined && owner !== messageId) return { kind: "owned_elsewhere" };
  const decision = route(event, session, messageId, item.conversation.sessions.values());
  if (decision.do !== "acknowledge") {
    reporter.taken(item);
    return undefined;
  }
  return { kind: "unneeded", because: decision.because };
}

/**
 * By the participant's own address, which costs nothing; by the external contact if the address is
 * unusable or has found nobody: that costs one Genesys request.
 */
async function identifyCustomer(
  byContact: boolean,
  { item, call }: Attempt,
  { calls, defaultRegion }: EnrichmentDeps,
): Promise<Identification> {
  const { event, session } = item;
  const { contactId } = session;
  const identified = identify(event.body, { defaultRegion });
  const own = { by: "address", identified, numbers: addressesOf(event.body) } as const;
  if (contactId === undefined || (identified.usable && !byContact)) return own;
  const contact = await calls.findContact(contactId, call);
  session.triedContactId = contactId;
  if (contact === undefined) return own;
  const ofContact = identifyContact(contact, { defaultRegion });
  if (!ofContact.usable) return own;
  return { by: "contact", identified: ofContact, numbers: contact.phones };
}

/** Oracle's answer, or the cached one; nobody to look up is `anonymous` at no request. */
async function lookUp(
  { by, identified, numbers }: Identification,
  { item, call }: Attempt,
  { calls, clocks, reporter }: EnrichmentDeps,
): Promise<LookupResult> {
  if (!identified.usable) {
    const { why: identifiedBy } = identified;
    reporter.identified(item, { by, identifiedBy });
    const outcome = { match: "anonymous" } as const;
    return { outcome, asOf: clocks.epochNow(), identifiedBy, oracleMs: 0, cached: false };
  }
  const { identity } = identified;
  const form = reporter.identifiedBy(item, by, identity, numbers);
  const begun = clocks.monotonicNow();
  const { history, asOf, cached } = await calls.findHistory(identity, call);
  const oracleMs = cached ? 0 : Math.round(elapsed(begun, clocks.monotonicNow()));
  const result = { identifiedBy: identity.kind, oracleMs, cached };
  reporter.lookedUp(item, { by, ...result, form, match: history.match });
  return { ...result, outcome: history, asOf };
}

/** Writes unless the same status is written already. @returns the result if the attempt must stop */
function writeOnce(
  attributes: Attributes,
  found: LookupResult,
  attempt: Attempt,
  deps: EnrichmentDeps,
): Promise<AttemptResult | undefined> {
  if (attempt.item.session.written?.status === found.outcome.match) {
    return Promise.resolve(undefined);
  }
  return write(attributes, found, attempt, deps);
}

async function write(
  attributes: Attributes,
  found: LookupResult,
  attempt: Attempt,
  { calls, clocks, reporter, store }: EnrichmentDeps,
): Promise<AttemptResult | undefined> {
  const { item, call, progress } = attempt;
  const { event, session } = item;
  const { body } = event;
  if (store.shared) await store.share(body.conversationId, body);
  if (hasEnded(session)) return { kind: "aborted", because: "conversation_ended" };
  if (partOfItem(item) === "third_party") return { kind: "unneeded", because: "third_party" };
  if (item.answered && item.state.kind !== "owes_unavailable" && progress.othersWait()) {
    return { kind: "yielded" };
  }
  const begun = clocks.monotonicNow();
  await calls.writeAttributes(body, attributes, call);
  const genesysMs = Math.round(elapsed(begun, clocks.monotonicNow()));
  const written = { status: found.outcome.match, at: clocks.eventNow() };
  session.written = written;
  progress.written();
  reporter.written(attempt, { ...found, ...written, attributes, genesysMs });
  await store.share(body.conversationId, body);
  return undefined;
}

/**
 * Writes that nothing is to be had from Oracle, so that no agent takes a known customer for a new
 * one; once for a session. A write that fails is reported: the next attempt stays as planned.
 */
async function writeUnavailable(
  failure: Failure,
  attempt: Attempt,
  deps: EnrichmentDeps,
): Promise<AttemptResult> {
  const { item, call } = attempt;
  const handled = { kind: "unavailable_handled" } as const;
  if (item.session.written !== undefined) return handled;
  const outcome = { match: "unavailable" } as const;
  const asOf = deps.clocks.epochNow();
  const found = { outcome, asOf, identifiedBy: failure.code, oracleMs: 0, cached: false };
  try {
    const attributes = summarise(outcome, deps.summary, asOf);
    return (await write(attributes, found, attempt, deps)) ?? handled;
  } catch (error) {
    const stopped = aborted(call.signal);
    if (stopped === undefined) deps.reporter.unavailableFailed(item, asFailure(error));
    return stopped ?? handled;
  }
}

/** The result decides what becomes of the item and its message. */
export function settle(
  item: WorkItem,
  result: AttemptResult,
  { clocks, random }: Pick<EnrichmentDeps, "clocks" | "random">,
): Settlement {
  const [eventNow, monotonicNow] = [clocks.eventNow(), clocks.monotonicNow()];
  return settlementOf(item, result, { eventNow, monotonicNow, random: random() });
}

/** Whether a contact that the item's own event did not name has not been looked up yet. */
function lateContactMayHelp({ event, session }: WorkItem, { match }: Outcome): boolean {
  const { contactId } = session;
  return (
    (match === "not_found" || match === "anonymous") &&
    contactId !== undefined &&
    contactId !== session.triedContactId &&
    contactId !== contactOf(event.body)
  );
}

function aborted({ aborted: isAborted, reason }: AbortSignal): AttemptResult | undefined {
  if (!isAborted) return undefined;
  // The executor alone aborts, with these reasons.
  return { kind: "aborted", because: reason as AbortReason };
}

function priorityOf({ state, attempt }: WorkItem): Priority {
  if (state.kind === "owes_unavailable") return Priority.spare;
  return attempt === 1 ? Priority.live : Priority.retry;
}
