import type { ContactDirectory, ParticipantAttributes } from "../attributes/port.ts";
import type { CustomerEvent } from "../event/read-event.ts";
import { asFailure, type Failure } from "../failure.ts";
import type { CachedHistory } from "../history/cache.ts";
import { identify, identifyContact } from "../identify/customer.ts";
import type { Identified } from "../identify/identity.ts";
import type { PhoneRegion } from "../identify/phone.ts";
import { type Call, PATIENCE_MS, Priority } from "../protection/call.ts";
import { contactMayHelp, type Session } from "../route/session.ts";
import {
  type Attributes,
  type HistoryStatus,
  type Outcome,
  type SummaryOptions,
  summarise,
} from "../summarise/summarise.ts";

/** What an enrichment is made with. */
export interface EnrichTools {
  readonly history: CachedHistory;
  readonly contacts: ContactDirectory;
  readonly attributes: ParticipantAttributes;
  readonly summary: SummaryOptions;
  readonly defaultRegion: PhoneRegion;
  readonly now: () => number;
}

/** One customer session to be enriched. */
export interface EnrichTask {
  readonly event: CustomerEvent;
  readonly session: Session;
  readonly call: Call;
  /** Told of every write that Genesys accepted, `unavailable` included. */
  readonly written: (written: Written) => void;
  /** Told where `unavailable` could not be written either. */
  readonly unavailableFailed: (failure: Failure) => void;
}

/** One accepted write. Durations in ms. */
export interface Written {
  readonly status: HistoryStatus;
  readonly attributes: Attributes;
  /** `phone`, `email`, or why the address was of no use. */
  readonly identifiedBy: string;
  readonly oracleMs: number;
  readonly genesysMs: number;
  readonly cached: boolean;
}

/** What looking the customer up has brought. */
interface Looked {
  readonly outcome: Outcome;
  readonly asOf: number;
  readonly identifiedBy: string;
  readonly oracleMs: number;
  readonly cached: boolean;
}

/**
 * The way of one customer: identify, ask Oracle, summarise, write. One write in the normal case.
 * Where Oracle fails, `unavailable` is written first, so that nobody takes a known customer for a
 * new one, and the failure is thrown on: it decides when the next try is.
 * @throws {Failure}
 */
export async function enrich(task: EnrichTask, tools: EnrichTools): Promise<void> {
  let looked: Looked;
  try {
    looked = await look(task, tools);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.source === "oracle" && failure.code !== "aborted") {
      await writeUnavailable(task, tools, failure);
    }
    throw failure;
  }
  const { session } = task;
  if (session.written?.status === looked.outcome.match) return;
  await write(task, tools, looked);
}

/** The participant's own address first; an external contact where that finds nobody. */
async function look(task: EnrichTask, tools: EnrichTools): Promise<Looked> {
  const { event, session, call } = task;
  const options = { defaultRegion: tools.defaultRegion };
  const byAddress = identify(event.body, options);
  // After a late contact the address has had its answer; before one it goes first.
  const useContactFirst = event.type === "contact" || !byAddress.usable;
  if (!useContactFirst) {
    const looked = await lookUp(byAddress, call, tools);
    const late = session.contactId !== event.body.externalContactId && contactMayHelp(session);
    if (looked.outcome.match !== "not_found" || !late) return looked;
  }
  if (session.contactId === undefined) return lookUp(byAddress, call, tools);
  const contact = await tools.contacts.find(session.contactId, call);
  session.triedContactId = session.contactId;
  const byContact: Identified =
    contact === undefined ? byAddress : identifyContact(contact, options);
  return lookUp(byContact.usable ? byContact : byAddress, call, tools);
}

async function lookUp(by: Identified, call: Call, tools: EnrichTools): Promise<Looked> {
  const begun = tools.now();
  if (!by.usable) {
    const outcome = { match: "anonymous" } as const;
    return { outcome, asOf: begun, identifiedBy: by.why, oracleMs: 0, cached: false };
  }
  const { history, asOf, cached } = await tools.history.find(by.identity, call);
  const oracleMs = cached ? 0 : tools.now() - begun;
  return {
    outcome: history,
    asOf,
    identifiedBy: by.identity.kind,
    oracleMs,
    cached,
  };
}

async function write(task: EnrichTask, tools: EnrichTools, looked: Looked): Promise<void> {
  const { event, session, call } = task;
  const attributes = summarise(looked.outcome, tools.summary, looked.asOf);
  const begun = tools.now();
  await tools.attributes.write(event.body, attributes, call);
  const at = tools.now();
  const status = looked.outcome.match;
  session.written = { status, at };
  const { identifiedBy, oracleMs, cached } = looked;
  task.written({ status, attributes, identifiedBy, oracleMs, cached, genesysMs: at - begun });
}

/** Once for a session, with spare budget only. Where it fails too, Oracle's failure still decides. */
async function writeUnavailable(
  task: EnrichTask,
  tools: EnrichTools,
  because: Failure,
): Promise<void> {
  if (task.session.written !== undefined) return;
  const looked: Looked = {
    outcome: { match: "unavailable" },
    asOf: tools.now(),
    identifiedBy: because.code,
    oracleMs: 0,
    cached: false,
  };
  const deadline = tools.now() + PATIENCE_MS;
  const call: Call = { ...task.call, priority: Priority.spare, deadline };
  try {
    await write({ ...task, call }, tools, looked);
  } catch (error) {
    task.unavailableFailed(asFailure(error));
  }
}
