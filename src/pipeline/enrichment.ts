import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import {
  hasLeft,
  isStartWritten,
  isWorthWriting,
  shownTo,
} from "../domain/conversation/participant.ts";
import { route, takenOver } from "../domain/conversation/route.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import { type CustomerKeys, findCustomer } from "../domain/history/find-customer.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  ParticipantAttributes,
} from "../domain/ports/participant-attributes.ts";
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
import { firstKeys, hasKey, lateKeys, markTried } from "./customer-keys.ts";
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
  const { reference } = keys;
  return { outcome, asOf, identifiedBy: identity.kind, oracleMs, cached, reference };
}

/** Whether what was found is written; otherwise the session has what another one of its participant has. */
function isBetter(
  { outcome }: LookupResult,
  { event, session, conversation }: WorkItem,
  { store }: EnrichmentDeps,
): boolean {
  const shown = shownTo(session, conversation.sessions.values());
  const reference = store.recordOf(event.body)?.reference;
  const isStart = event.type === "customerStart";
  const isFirst = session.written === undefined || session.written.beforeStart === true;
  const better = isWorthWriting(outcome, { shown, reference, isFirst, isStart });
  if (!better && isStart && isFirst && shown !== undefined) {
    session.written = { ...shown, beforeStart: false };
  }
  return better;
}

/** Writes if that tells more than what is written. @returns the result if the attempt must stop */
async function writeIfBetter(
  found: LookupResult,
  attempt: Attempt,
  deps: EnrichmentDeps,
): Promise<AttemptResult | undefined> {
  const { calls, clocks, reporter, store } = deps;
  const { item, call, progress } = attempt;
  const { event, session, messageId } = item;
  const { body } = event;
  if (store.shared) await store.share(body.conversationId, body);
  const all = [...item.conversation.sessions.values()];
  if (hasLeft(session, all)) return { kind: "aborted", because: "conversation_ended" };
  if (partOfItem(item) === "third_party") return { kind: "unneeded", because: "third_party" };
  const because = takenOver(event, session, messageId, all);
  if (because !== undefined) return { kind: "unneeded", because };
  if (!isBetter(found, item, deps)) return undefined;
  if (item.answered && item.state.kind !== "owes_unavailable" && progress.othersWait()) {
    return { kind: "yielded" };
  }
  const attributes = summarise(found.outcome, deps.summary, found.asOf);
  const begun = clocks.monotonicNow();
  await calls.writeAttributes(body, attributes, call);
  const genesysMs = Math.round(elapsed(begun, clocks.monotonicNow()));
  const { outcome } = found;
  const matchedBy = outcome.match === "found" ? outcome.matchedBy : undefined;
  const written = { status: outcome.match, at: clocks.eventNow(), matchedBy };
  const reference = matchedBy === "reference" ? found.reference : undefined;
  const beforeStart = event.type !== "customerStart" && !isStartWritten(session);
  session.written = {
    ...written,
    ...(reference && { reference }),
    ...(beforeStart && { beforeStart }),
  };
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
  if (shownTo(item.session, item.conversation.sessions.values()) !== undefined) return handled;
  const outcome = { match: "unavailable" } as const;
  const asOf = deps.clocks.epochNow();
  const found = { outcome, asOf, identifiedBy: failure.code, oracleMs: 0, cached: false };
  try {
    return (await writeIfBetter(found, attempt, deps)) ?? handled;
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
