import type { About } from "../domain/call.ts";
import type { SessionEvent } from "../domain/event/read-event.ts";
import type { Failure } from "../domain/failure.ts";
import type { LookedUp, TriedKey } from "../domain/history/find-customer.ts";
import type { Unusable } from "../domain/identity/identity.ts";
import { addressesOf, formOf, maskedNumber } from "../domain/identity/number-form.ts";
import { numberGroup } from "../domain/identity/number-kind.ts";
import type { MatchedBy } from "../domain/identity/rank.ts";
import type { Attributes } from "../domain/summary/attributes.ts";
import type { HistoryStatus } from "../domain/summary/summarise.ts";
import { type EpochMs, elapsed, type MonotonicMs } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { Attempt, LookupResult } from "./attempt.ts";
import type { FailedPlan, Requeued, Settlement } from "./attempt-result.ts";
import { aboutEvent, reportConfirmed, reportJudged } from "./event-facts.ts";
import { partOfItem, type WorkItem } from "./work-item.ts";
import type { WorkerClocks } from "./worker-clocks.ts";

/** One accepted write. Durations in ms. */
interface Written extends Omit<LookupResult, "outcome" | "asOf"> {
  readonly status: HistoryStatus;
  readonly matchedBy: MatchedBy | undefined;
  readonly attributes: Attributes;
  /** When Genesys accepted it. */
  readonly at: EpochMs;
  readonly genesysMs: number;
}

/** Reports the stages of an enrichment. */
export interface EnrichmentReporter {
  /** @returns what the calls of this attempt are about */
  begun(item: WorkItem, startedAt: MonotonicMs): About;
  /** The participant is looked up: reported at the first attempt. */
  taken(item: WorkItem): void;
  /** The participant's own address is of no use. */
  unusable(item: WorkItem, why: Unusable): void;
  /** A lookup begins. */
  trying(item: WorkItem, key: TriedKey): void;
  /** @param oracleMs 0 if the history was cached */
  lookedUp(item: WorkItem, found: LookedUp, oracleMs: number): void;
  written(attempt: Attempt, written: Written): void;
  unavailableFailed(item: WorkItem, failure: Failure): void;
  settled(item: WorkItem, settlement: Settlement): void;
}

export interface ReporterDeps {
  readonly report: Report;
  /** Whether nothing is written to Genesys (`SHADOW`). */
  readonly shadow: boolean;
  readonly clocks: Pick<WorkerClocks, "eventNow">;
}

/** Reports the stages of an enrichment as facts. */
export function createReporter({ report, shadow, clocks }: ReporterDeps): EnrichmentReporter {
  return {
    begun(item, startedAt) {
      const waitedMs = Math.round(elapsed(item.admittedAt, startedAt));
      const about = aboutEvent(item.event);
      if (item.state.kind !== "owes_unavailable") {
        report("enrichment.begun", { ...about, attempt: item.attempt, waitedMs });
      }
      return about;
    },
    taken(item) {
      if (item.attempt === 1) reportJudged(report, item.event, partOfItem(item));
    },
    unusable: ({ event }, why) =>
      report("identity.tried", { ...aboutEvent(event), by: "address", identifiedBy: why }),
    trying({ event }, key) {
      const masked = maskedNumber(key.identity);
      report("identity.tried", { ...aboutEvent(event), ...keyFact(key, event), masked });
    },
    lookedUp({ event }, found, oracleMs) {
      const { identity, history, cached } = found;
      report("customer.looked_up", {
        ...{ ...aboutEvent(event), ...keyFact(found, event) },
        ...(identity.kind === "phone" && numberGroup(identity.number)),
        match: history.match,
        matchedBy: history.match === "found" ? history.matchedBy : undefined,
        ...{ cached, oracleMs },
      });
    },
    written: (attempt, written) => reportWritten(attempt, written, { report, shadow, clocks }),
    unavailableFailed: ({ event }, failure) =>
      report("unavailable.failed", { ...aboutEvent(event), ...failedFields(failure) }),
    settled: (item, settlement) => reportSettled(item, settlement, report),
  };
}

/** By which kind of key a customer is looked up, and the form in which a number came. */
function keyFact({ by, identity, written }: TriedKey, { body }: SessionEvent) {
  const form = formOf(identity, by === "contact" ? written : addressesOf(body));
  return { by, identifiedBy: identity.kind, form };
}

function reportWritten(
  { item, startedAt }: Attempt,
  { attributes, status, matchedBy, at, identifiedBy, oracleMs, cached, genesysMs }: Written,
  { report, shadow, clocks }: ReporterDeps,
): void {
  const { event, attempt, admittedAt, session, conversation } = item;
  const about = aboutEvent(event);
  const fact = {
    ...about,
    participantId: event.body.participantId,
    mediaType: event.body.mediaType ?? "UNKNOWN",
    attempt,
    sinceEventMs: elapsed(event.happenedAt, clocks.eventNow()),
    waitedMs: Math.round(elapsed(admittedAt, startedAt)),
    ...{ status, matchedBy, identifiedBy, at, oracleMs, cached, genesysMs },
  };
  if (shadow) report("enrichment.shadowed", { ...fact, attributes: sizesOf(attributes) });
  else report("enrichment.written", fact);
  if (session.confirmedAt !== undefined) {
    reportConfirmed(report, event, elapsed(at, session.confirmedAt));
    delete session.confirmedAt;
  }
  const { agentAt } = conversation;
  if (agentAt !== undefined && status !== "unavailable") {
    report("headstart.measured", { ...about, headStartMs: elapsed(at, agentAt) });
  }
}

/** Values are personal data: only their lengths are reported. */
function sizesOf(attributes: Attributes): Record<string, number> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [name, value.length]),
  );
}

function reportSettled(item: WorkItem, settlement: Settlement, report: Report): void {
  const { attempt } = item;
  const about = aboutEvent(item.event);
  switch (settlement.kind) {
    case "handled":
    case "dead_letter":
      return;
    case "expired":
      report("enrichment.expired", {
        ...about,
        code: settlement.code,
        reason: settlement.reason,
      });
      return;
    case "acknowledged":
      if (settlement.because === "third_party") reportJudged(report, item.event, "third_party");
      report("event.acknowledged", { ...about, because: settlement.because });
      return;
    case "waiting":
      if (settlement.because === "yielded") report("enrichment.yielded", { ...about, attempt });
      if (settlement.failed !== undefined) reportDelayed(item, settlement.failed, report);
      return;
    case "requeued":
      reportRequeued(item, settlement, report);
  }
}

function reportRequeued(item: WorkItem, settlement: Requeued, report: Report): void {
  const about = aboutEvent(item.event);
  const { because, delayMs } = settlement;
  if (because === "draining") report("backlog.given_back", about);
  if (because === "owned_elsewhere") report("enrichment.elsewhere", { ...about, delayMs });
  if (because === "backlog_full") report("backlog.made_room", { ...about, delayMs });
  if (because === "retry" && settlement.failed !== undefined) {
    reportDelayed(item, settlement.failed, report);
  }
}

/** A breaker that stays open is reported once for a conversation. */
function reportDelayed(
  { state, event, attempt }: WorkItem,
  { failure, waitMs: delayMs }: FailedPlan,
  report: Report,
): void {
  const wasOpen = state.kind !== "new" && state.failure.code === "circuit_open";
  if (failure.code === "circuit_open" && wasOpen) return;
  report("enrichment.delayed", {
    ...aboutEvent(event),
    ...failedFields(failure),
    ...{ attempt, delayMs },
  });
}
