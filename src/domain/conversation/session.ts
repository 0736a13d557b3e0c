import type { ContactId, ParticipantId } from "../event/ids.ts";
import type { HistoryStatus } from "../summary/summarise.ts";

/** What is known of one session of a customer in a conversation. Times are epoch ms. */
export interface Session {
  readonly participantId: ParticipantId;
  /** When the latest start happened, by the event's own time. */
  startedAt?: number;
  /** The tombstone: when the latest end happened. It may be known before the start is. */
  endedAt?: number;
  /** When the start that reopened it happened; 0 in its first stretch. */
  stretch: number;
  /** Id of the SQS message that carries this session's enrichment until it is settled. */
  ownerMessageId?: string;
  /** How many tries have failed. */
  attempts: number;
  /** What was written last, and when Genesys accepted it. */
  written?: { readonly status: HistoryStatus; readonly at: number };
  /** When Genesys confirmed attributes whose acceptance we had not heard of yet. */
  confirmedAt?: number;
  /** The external contact that an event of this session named. */
  contactId?: ContactId;
  /** The contact that was already asked about. */
  triedContactId?: ContactId;
}

/** What workers tell one another of a session. */
export type SessionNews = Partial<Omit<Session, "participantId" | "carriedBy" | "confirmedAt">>;

/**
 * Takes over what another worker knows: times only grow, the later stretch counts, and within one
 * the latest write does.
 */
export function mergeSession(session: Session, news: SessionNews): void {
  const { startedAt, endedAt, contactId, triedContactId, written } = news;
  if (startedAt !== undefined) session.startedAt = Math.max(session.startedAt ?? 0, startedAt);
  if (endedAt !== undefined) session.endedAt = Math.max(session.endedAt ?? 0, endedAt);
  if (contactId !== undefined) session.contactId = contactId;
  const stretch = news.stretch ?? 0;
  if (stretch < session.stretch) return;
  if (stretch > session.stretch) beginGeneration(session, stretch);
  session.attempts = Math.max(session.attempts, news.attempts ?? 0);
  if (triedContactId !== undefined) session.triedContactId = triedContactId;
  if (written !== undefined && written.at > (session.written?.at ?? 0)) session.written = written;
}

/** The session was reopened: what was tried and written before says nothing about it. */
export function beginGeneration(session: Session, startedAt: number): void {
  session.stretch = startedAt;
  session.attempts = 0;
  delete session.written;
  delete session.triedContactId;
}

/** Whether the session's latest start lies before its latest end. */
export function hasEnded(session: Session): boolean {
  return session.endedAt !== undefined && session.endedAt >= (session.startedAt ?? 0);
}

/** Whether a contact that was found later could still turn the outcome into a better one. */
export function contactMayHelp(session: Session): boolean {
  const { contactId, written } = session;
  return (
    contactId !== undefined &&
    contactId !== session.triedContactId &&
    (written === undefined || written.status === "anonymous" || written.status === "not_found")
  );
}
