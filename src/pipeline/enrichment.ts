import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import { route } from "../domain/conversation/route.ts";
import {
  contactMayHelp,
  hasEnded,
  referenceMayHelp,
  tellsMore,
} from "../domain/conversation/session.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import { type CustomerKeys, findCustomer } from "../domain/history/find-customer.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import { identify } from "../domain/identity/customer.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  ParticipantAttributes,
} from "../domain/ports/participant-attributes.ts";
import type { Attributes } from "../domain/summary/attributes.ts";
import { type SummaryOptions, summarise } from "../domain/summary/summarise.ts";
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
    for (let keys = firstKeys(item, deps); ; keys = lateKeys(item, deps)) {
      const found = await lookUp(keys, attempt, deps);
      progress.lookedUp(found.cached);
      const stopped = await writeIfBetter(found, attempt, deps);
      if (stopped !== undefined) return stopped;
      await markTried(keys, item, deps);
      // A key that became known during the write left its lookup to this attempt.
      if (!hasKey(lateKeys(item, deps))) return { kind: "written" };
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

/** Everything that is known; for a key that came later, that key alone: the others were looked up. */
function firstKeys({ event, session }: WorkItem, deps: EnrichmentDeps): CustomerKeys {
  const { contactId } = session;
  switch (event.type) {
    case "contact":
      return { own: undefined, reference: undefined, contactId };
    case "reference":
      return { own: undefined, reference: event.reference, contactId: undefined };
    default:
      return {
        own: identify(event.body, deps),
        reference: deps.store.referenceOf(event.body),
        contactId,
      };
  }
}

/** The keys that may still improve what was written. */
function lateKeys({ event, session }: WorkItem, { store }: EnrichmentDeps): CustomerKeys {
  const reference = store.referenceOf(event.body);
  return {
    own: undefined,
    reference: referenceMayHelp(session, reference) ? reference : undefined,
    contactId: contactMayHelp(session) ? session.contactId : undefined,
  };
}

function hasKey({ reference, contactId }: CustomerKeys): boolean {
  return reference !== undefined || contactId !== undefined;
}

/** The keys are not looked up again for this session. */
async function markTried(
  { reference, contactId }: CustomerKeys,
  { event: { body }, session }: WorkItem,
  { store }: EnrichmentDeps,
): Promise<void> {
  if (reference !== undefined) session.triedReference = reference;
  // The contact may have changed meanwhile: that one is still to be looked up.
  if (contactId !== undefined && contactId === session.contactId) {
    session.triedContactId = session.contactId;
  }
  if (hasKey({ own: undefined, reference, contactId })) {
    await store.share(body.conversationId, body);
  }
}

/** The best of Oracle's answers; nobody to look up is `anonymous` at no request. */
async function lookUp(
  keys: CustomerKeys,
  { item, call }: Attempt,
  { calls, clocks, reporter, defaultRegion }: EnrichmentDeps,
): Promise<LookupResult> {
  let oracleMs = 0;
  let begun = clocks.monotonicNow();
  let cached = true;
  const found = await findCustomer(
    keys,
    {
      ...{ defaultRegion, findHistory: calls.findHistory, findContact: calls.findContact },
      trying(key) {
        reporter.trying(item, key);
        begun = clocks.monotonicNow();
      },
      tried(found) {
        const tookMs = found.cached ? 0 : Math.round(elapsed(begun, clocks.monotonicNow()));
        oracleMs += tookMs;
        cached &&= found.cached;
        reporter.lookedUp(item, found, tookMs);
      },
    },
    call,
  );
  if (found.kind === "no_key") {
    if (keys.own !== undefined) reporter.unusable(item, found.why);
    const outcome = { match: "anonymous" } as const;
    return { outcome, asOf: clocks.epochNow(), identifiedBy: found.why, oracleMs, cached };
  }
  const { history: outcome, asOf, identity } = found;
  return { outcome, asOf, identifiedBy: identity.kind, oracleMs, cached };
}

/** Writes if that tells more than what is written. @returns the result if the attempt must stop */
function writeIfBetter(
  found: LookupResult,
  attempt: Attempt,
  deps: EnrichmentDeps,
): Promise<AttemptResult | undefined> {
  const { event, session } = attempt.item;
  const isLate = event.type !== "customerStart" && session.written === undefined;
  // Without memory of what was written, a late key must not replace it by less.
  const better = isLate
    ? found.outcome.match === "found"
    : tellsMore(found.outcome, session.written);
  if (!better) return Promise.resolve(undefined);
  return write(summarise(found.outcome, deps.summary, found.asOf), found, attempt, deps);
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
  const { outcome } = found;
  const matchedBy = outcome.match === "found" ? outcome.matchedBy : undefined;
  const written = { status: outcome.match, at: clocks.eventNow(), matchedBy };
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

function aborted({ aborted: isAborted, reason }: AbortSignal): AttemptResult | undefined {
  if (!isAborted) return undefined;
  // The executor alone aborts, with these reasons.
  return { kind: "aborted", because: reason as AbortReason };
}

function priorityOf({ state, attempt }: WorkItem): Priority {
  if (state.kind === "owes_unavailable") return Priority.spare;
  return attempt === 1 ? Priority.live : Priority.retry;
}
