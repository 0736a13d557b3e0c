import type { About, Call } from "../domain/call.ts";
import type { Session } from "../domain/conversation/session.ts";
import { type CustomerEvent, contactOf } from "../domain/event/read-event.ts";
import type { Failure } from "../domain/failure.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import { identify, identifyContact } from "../domain/identity/customer.ts";
import type { Identified } from "../domain/identity/identity.ts";
import {
  addressesOf,
  formOf,
  maskedNumber,
  type NumberForm,
} from "../domain/identity/number-form.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type {
  ContactDirectory,
  ParticipantAttributes,
} from "../domain/ports/participant-attributes.ts";
import {
  type Attributes,
  type HistoryStatus,
  type Outcome,
  type SummaryOptions,
  summarise,
} from "../domain/summary/summarise.ts";
import { type EpochMs, epochMs } from "../domain/time.ts";
import type { Facts } from "../observability/facts/facts.ts";

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
  /** Told by what the customer is looked up. */
  readonly identified: (by: Omit<Facts["identity.tried"], keyof About>) => void;
  /** Told what the lookup has brought. */
  readonly found: (found: Omit<Facts["customer.looked_up"], keyof About>) => void;
  /** Told when the customer has been looked up, or could not be, and whether that cost a request. */
  readonly lookedUp: (cached: boolean) => void;
  /** Asked before each write: the fleet may know that the customer has left. It aborts the call then. */
  readonly beforeWrite: () => Promise<void>;
  /** Told of every write that Genesys accepted, `unavailable` included. */
  readonly written: (written: Written) => Promise<void>;
}

/** One accepted write. Durations in ms. */
export interface Written {
  readonly status: HistoryStatus;
  readonly attributes: Attributes;
  /** `phone`, `email`, or why the address was of no use. */
  readonly identifiedBy: string;
  /** When Genesys accepted it, epoch ms. */
  readonly at: EpochMs;
  readonly oracleMs: number;
  readonly genesysMs: number;
  readonly cached: boolean;
}

/** What looking the customer up has brought. */
interface Looked {
  readonly outcome: Outcome;
  readonly asOf: EpochMs;
  readonly identifiedBy: string;
  readonly oracleMs: number;
  readonly cached: boolean;
}

/**
 * The way of one customer: identify, ask Oracle, summarise, write. One write in the normal case.
 * @throws {Failure}
 */
export async function enrich(task: EnrichTask, tools: EnrichTools): Promise<void> {
  const { session } = task;
  for (let byContact = task.event.type === "contact"; ; byContact = true) {
    const looked = await look(task, tools, byContact).catch((error) => {
      task.lookedUp(false);
      throw error;
    });
    task.lookedUp(looked.oracleMs === 0);
    if (lateContactMayHelp(task, looked.outcome)) continue;
    if (session.written?.status !== looked.outcome.match) await write(task, tools, looked);
    // Named while the write was under way: its own event was left to us.
    if (!lateContactMayHelp(task, looked.outcome)) return;
  }
}

/** Whether a contact that the task's own event did not name is still to be asked about. */
function lateContactMayHelp({ event, session }: EnrichTask, { match }: Outcome): boolean {
  const { contactId } = session;
  return (
    (match === "not_found" || match === "anonymous") &&
    contactId !== undefined &&
    contactId !== session.triedContactId &&
    contactId !== contactOf(event.body)
  );
}

/**
 * By the participant's own address, for a contact costs a request of Genesys' budget; by the external
 * contact where the address is of no use, or has found nobody.
 */
async function look(task: EnrichTask, tools: EnrichTools, byContact: boolean): Promise<Looked> {
  const { event, session, call } = task;
  const options = { defaultRegion: tools.defaultRegion };
  const address = identify(event.body, options);
  const { contactId } = session;
  const own = { by: "address", came: addressesOf(event.body) } as const;
  if (contactId === undefined || (address.usable && !byContact)) {
    return lookUp(address, own, task, tools);
  }
  const found = await tools.contacts.find(contactId, call);
  session.triedContactId = contactId;
  const contact = found === undefined ? address : identifyContact(found, options);
  if (found === undefined || !contact.usable) return lookUp(address, own, task, tools);
  return lookUp(contact, { by: "contact", came: found.phones }, task, tools);
}

/** Where an identity comes from, and the numbers as they were written there. */
interface Origin {
  readonly by: "address" | "contact";
  readonly came: readonly (string | undefined)[];
}

async function lookUp(
  identified: Identified,
  { by, came }: Origin,
  task: EnrichTask,
  tools: EnrichTools,
): Promise<Looked> {
  const begun = tools.now();
  if (!identified.usable) {
    const { why: identifiedBy } = identified;
    task.identified({ by, identifiedBy });
    const outcome = { match: "anonymous" } as const;
    return { outcome, asOf: epochMs(begun), identifiedBy, oracleMs: 0, cached: false };
  }
  const { identity } = identified;
  const form: NumberForm | undefined = formOf(identity, came);
  task.identified({ by, identifiedBy: identity.kind, form, masked: maskedNumber(identity) });
  const { history, asOf, cached } = await tools.history.find(identity, task.call);
  const oracleMs = cached ? 0 : tools.now() - begun;
  const looked = { identifiedBy: identity.kind, oracleMs, cached };
  task.found({ ...looked, form, match: history.match });
  return { ...looked, outcome: history, asOf };
}

async function write(task: EnrichTask, tools: EnrichTools, looked: Looked): Promise<void> {
  const { event, session, call } = task;
  const attributes = summarise(looked.outcome, tools.summary, looked.asOf);
  await task.beforeWrite();
  const begun = tools.now();
  await tools.attributes.write(event.body, attributes, call);
  const at = epochMs(tools.now());
  const status = looked.outcome.match;
  session.written = { status, at };
  const { identifiedBy, oracleMs, cached } = looked;
  const genesysMs = at - begun;
  await task.written({ status, attributes, identifiedBy, at, oracleMs, cached, genesysMs });
}

/**
 * Says that there is nothing to be had from Oracle, so that nobody takes a known customer for a new
 * one. Once for a session.
 * @throws {Failure}
 */
export async function sayUnavailable(
  task: EnrichTask,
  tools: EnrichTools,
  because: Failure,
): Promise<void> {
  if (task.session.written !== undefined) return;
  await write(task, tools, {
    outcome: { match: "unavailable" },
    asOf: epochMs(tools.now()),
    identifiedBy: because.code,
    oracleMs: 0,
    cached: false,
  });
}
