import type { Reference } from "../identity/identity.ts";
import type { MatchedBy } from "../identity/rank.ts";
import type { HistoryStatus, Outcome } from "../summary/summarise.ts";
import { hasEnded, isSession, type Session, type Written } from "./session.ts";

/** [pure] The sessions of the same participant, this one included, and what belongs to none of them. */
function ownSessions(session: Session, all: Iterable<Session>): readonly Session[] {
  const own = [...all].filter(({ participantId }) => participantId === session.participantId);
  return own.includes(session) ? own : [...own, session];
}

/**
 * [pure] What the participant's attributes hold: the latest write of any of its sessions. Undefined if
 * none is known, or if it was erased.
 */
export function shownTo(session: Session, all: Iterable<Session>): Written | undefined {
  const own = ownSessions(session, all);
  const erasedAt = Math.max(...own.map((one) => one.erasedAt ?? Number.NEGATIVE_INFINITY));
  const writes = own.flatMap(({ written }) => written ?? []).filter(({ at }) => at > erasedAt);
  return writes.length === 0 ? undefined : writes.reduce((a, b) => (b.at > a.at ? b : a));
}

/** [pure] Whether the session has ended; for what belongs to no session, all of the participant's. */
export function hasLeft(session: Session, all: Iterable<Session>): boolean {
  if (isSession(session)) return hasEnded(session);
  const seen = ownSessions(session, all).filter(isSession);
  return seen.length > 0 && seen.every(hasEnded);
}

/** [pure] What has ended with a session: with the last one, what belongs to none of the sessions too. */
export function endedWith(session: Session, all: Iterable<Session>): readonly Session[] {
  const sessions = [...all];
  const others = ownSessions(session, sessions).filter((one) => one !== session && !isSession(one));
  return [session, ...others.filter((one) => hasLeft(one, sessions))];
}

/** [pure] Whether a start of the participant, with another message than this one, is in progress. */
export function isStartInProgress(
  session: Session,
  messageId: string,
  all: Iterable<Session>,
): boolean {
  return ownSessions(session, all).some(
    ({ ownerMessageId, ownedBy }) =>
      ownerMessageId !== undefined && ownerMessageId !== messageId && ownedBy !== "late_key",
  );
}

/** [pure] Whether the start of the session was looked up and settled. `unavailable` is tried again. */
export function isStartWritten({ written }: Session): boolean {
  return written !== undefined && written.status !== "unavailable" && written.beforeStart !== true;
}

/** What an outcome is compared with. */
export interface Before {
  /** What the participant's attributes hold; undefined if that is not known. */
  readonly shown: Written | undefined;
  /** The reference that the participant has now. */
  readonly reference: Reference | undefined;
  /** Whether nothing was written for the session's own start. Its result is newer than another session's. */
  readonly isFirst: boolean;
  /** Whether all that is known of the participant was looked up, not only a key that came later. */
  readonly isStart: boolean;
}

/**
 * [pure] Whether an outcome is written. What tells less never replaces what tells more, whichever session
 * of the participant found it. Without memory of what was written, or over `unavailable`, a late key must
 * not say that there is nobody: the number was not looked up with it.
 */
export function isWorthWriting(outcome: Outcome, before: Before): boolean {
  const { shown, reference, isFirst, isStart } = before;
  const isKnown = shown !== undefined && shown.status !== "unavailable";
  if (!isStart && !isKnown) return outcome.match === "found";
  if (shown === undefined || isWithdrawn(shown, reference)) return true;
  return isStart && isFirst ? compare(outcome, shown) >= 0 : compare(outcome, shown) > 0;
}

/** Whether the customer was found by a reference that the participant has replaced by another one. */
function isWithdrawn(written: Written, reference: Reference | undefined): boolean {
  return (
    written.matchedBy === "reference" &&
    written.reference !== undefined &&
    reference !== undefined &&
    written.reference !== reference
  );
}

/** Whether a reference may still improve the result: see {@link isWorthWriting}. */
export function referenceMayHelp(
  session: Session,
  reference: Reference | undefined,
  shown: Written | undefined,
): boolean {
  if (reference === undefined) return false;
  if (shown !== undefined && isWithdrawn(shown, reference)) return true;
  if (reference === session.triedReference) return false;
  return shown?.status !== "found" || sureness(shown.matchedBy) < sureness("reference");
}

/** Positive if the outcome tells more than what was written, negative if it tells less. */
function compare(outcome: Outcome, written: Written): number {
  const byStatus = TELLS.indexOf(outcome.match) - TELLS.indexOf(written.status);
  if (byStatus !== 0 || outcome.match !== "found") return byStatus;
  return sureness(outcome.matchedBy) - sureness(written.matchedBy);
}

/** A worker of an earlier version does not say how it found a customer: that counts as exact. */
function sureness(matchedBy: MatchedBy | undefined): number {
  const at = matchedBy === undefined ? -1 : LESS_THAN_EXACT.indexOf(matchedBy);
  return at === -1 ? LESS_THAN_EXACT.length : at;
}

/** What tells least of a customer comes first. */
const TELLS: readonly HistoryStatus[] = [
  "unavailable",
  "anonymous",
  "not_found",
  "ambiguous",
  "found",
];

/** The least sure first. */
const LESS_THAN_EXACT: readonly MatchedBy[] = ["phone:national", "contact", "reference"];
