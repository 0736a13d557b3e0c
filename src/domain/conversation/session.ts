import type { ContactId, ParticipantId } from "../event/ids.ts";
import type { Reference } from "../identity/identity.ts";
import type { MatchedBy } from "../identity/rank.ts";
import type { HistoryStatus } from "../summary/summarise.ts";
import type { EpochMs } from "../time.ts";
import {
  type Origin,
  type OutsideSession,
  type Part,
  partOf,
  partOfParticipant,
  strongerOrigin,
} from "./parties.ts";

/** A write that Genesys accepted. */
export interface Written {
  readonly status: HistoryStatus;
  readonly at: EpochMs;
  /** How the customer was found; undefined unless the status is `found`. */
  readonly matchedBy?: MatchedBy | undefined;
  /** The reference by which the customer was found. */
  readonly reference?: Reference | undefined;
  /** A key that came later found the customer, and the start of the session was not looked up yet. */
  readonly beforeStart?: boolean | undefined;
}

/** What is known of one session of a customer in a conversation. */
export interface Session {
  readonly participantId: ParticipantId;
  /** How the session came into the conversation; absent if only an earlier version has seen it. */
  origin?: Origin;
  /** The time of the first start event, or of a dialled party's contact: it decides who came first. */
  firstAt?: EpochMs;
  /** The time of the latest start event. */
  startedAt?: EpochMs;
  /** The tombstone: the time of the latest end event. It may be known before the start is. */
  endedAt?: EpochMs;
  /** The time of the start that reopened the session; 0 until it is reopened. */
  generation: number;
  /** Id of the SQS message that owns the enrichment of this session until that message is settled. */
  ownerMessageId?: string;
  /** Whether that message is the start of the session, or names a contact or a reference; absent: a start. */
  ownedBy?: "start" | "late_key";
  /** How many attempts have failed in this generation. */
  attempts: number;
  /** What was written last, and when Genesys accepted it. */
  written?: Written;
  /** When Genesys confirmed a write whose acceptance is not known yet. */
  confirmedAt?: EpochMs;
  /** When what was written to the participant was erased. */
  erasedAt?: EpochMs;
  /** The external contact that an event of this session named. */
  contactId?: ContactId;
  /** When that event happened: of two contacts the later counts. */
  contactAt?: EpochMs;
  /** The contact that was already looked up. */
  triedContactId?: ContactId;
  /** The account, customer or case number that a flow collected from the participant. */
  reference?: Reference;
  /** When the flow stored it: of two references the later counts. */
  referenceAt?: EpochMs;
  /** The reference that was already looked up. */
  triedReference?: Reference;
}

/** What workers tell one another of a session. */
export type SessionNews = Partial<
  Omit<Session, "participantId" | "ownerMessageId" | "ownedBy" | "confirmedAt">
>;

/**
 * Merges what another worker knows into `session`: times only grow, the later generation counts, and
 * within one generation the latest write counts.
 */
export function mergeSession(session: Session, news: SessionNews): void {
  const { startedAt, endedAt, erasedAt, written, generation = 0 } = news;
  const { triedContactId, triedReference } = news;
  if (news.origin !== undefined) session.origin = strongerOrigin(session.origin, news.origin);
  if (news.firstAt !== undefined) session.firstAt = earlier(session.firstAt, news.firstAt);
  if (startedAt !== undefined) session.startedAt = later(session.startedAt, startedAt);
  if (endedAt !== undefined) session.endedAt = later(session.endedAt, endedAt);
  if (erasedAt !== undefined) session.erasedAt = later(session.erasedAt, erasedAt);
  keepLaterContact(session, news);
  keepLaterReference(session, news);
  if (generation < session.generation) return;
  if (generation > session.generation) beginGeneration(session, generation);
  session.attempts = Math.max(session.attempts, news.attempts ?? 0);
  if (triedContactId !== undefined) session.triedContactId = triedContactId;
  if (triedReference !== undefined) session.triedReference = triedReference;
  if (written !== undefined && written.at > (session.written?.at ?? 0)) session.written = written;
}

/** Of two contacts of a session the later counts: Genesys may have corrected it. */
export function keepLaterContact(
  session: Session,
  { contactId, contactAt }: Pick<SessionNews, "contactId" | "contactAt">,
): void {
  if (contactId === undefined || (contactAt ?? 0) < (session.contactAt ?? 0)) return;
  session.contactId = contactId;
  if (contactAt !== undefined) session.contactAt = contactAt;
}

/** Of two references of a participant the later counts: it may be a correction. */
export function keepLaterReference(
  session: Session,
  { reference, referenceAt }: Pick<SessionNews, "reference" | "referenceAt">,
): void {
  if (reference === undefined || (referenceAt ?? 0) < (session.referenceAt ?? 0)) return;
  session.reference = reference;
  if (referenceAt !== undefined) session.referenceAt = referenceAt;
}

/** The later of two times, of which the first may not be known. */
export function later(known: EpochMs | undefined, at: EpochMs): EpochMs {
  return known === undefined || at > known ? at : known;
}

/** The earlier of two times, of which the first may not be known. */
export function earlier(known: EpochMs | undefined, at: EpochMs): EpochMs {
  return known === undefined || at < known ? at : known;
}

/** The session was reopened: earlier attempts and writes no longer count. */
export function beginGeneration(session: Session, generation: number): void {
  session.generation = generation;
  session.attempts = 0;
  delete session.written;
  delete session.triedContactId;
  delete session.triedReference;
}

/** Whether the latest end of the session is not before its latest start. */
export function hasEnded(session: Session): boolean {
  return session.endedAt !== undefined && session.endedAt >= (session.startedAt ?? 0);
}

/**
 * Whether an event of the session was seen. What a flow collects from a participant is kept in a record
 * that belongs to none of its sessions.
 */
export function isSession({ startedAt, endedAt, origin }: Session): boolean {
  return startedAt !== undefined || endedAt !== undefined || origin !== undefined;
}

/** Whether a contact that was found later may still improve the result. */
export function contactMayHelp(session: Session): boolean {
  const { contactId, written } = session;
  return (
    contactId !== undefined &&
    contactId !== session.triedContactId &&
    (written === undefined || contactSettles.has(written.status))
  );
}

/** The results that an external contact may improve. */
const contactSettles: ReadonlySet<HistoryStatus> = new Set(["anonymous", "not_found", "ambiguous"]);

/** [pure] The session as a party of its conversation. Without an origin it counts as one that came in: most do. */
function outsideSession(session: Session): OutsideSession {
  const { participantId, origin = "came_in", firstAt, startedAt, endedAt } = session;
  return {
    participantId,
    origin,
    startedAt: firstAt ?? startedAt,
    endedAt: hasEnded(session) ? endedAt : undefined,
  };
}

/**
 * [pure] The part that a session has among all sessions that are known of its conversation. What belongs
 * to no session has the part of its participant.
 */
export function partOfSession(session: Session, all: Iterable<Session>): Part {
  const parties = [...all].filter(isSession).map(outsideSession);
  const own = isSession(session) ? undefined : partOfParticipant(session.participantId, parties);
  return own ?? partOf(outsideSession(session), parties);
}
