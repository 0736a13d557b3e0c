import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { shownFields } from "../../domain/history/customer-fields.ts";
import type { Case, History } from "../../domain/history/history.ts";
import {
  bestMatch,
  newestFirst,
  shown,
  shownIfAny,
  shownWord,
  timeOf,
} from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import { createConnectRest, failureOfConnect } from "./connect-rest.ts";
import {
  contactsAlone,
  contactsAndIncidents,
  incidentsOf,
  MOST_CONTACTS,
  type Roql,
  type RoqlOptions,
} from "./roql.ts";

export interface B2cOptions extends SourceOptions, Omit<RoqlOptions, "incidents"> {
  readonly acceptLanguage: string | undefined;
}

/** A number that is stored twice gives each incident twice, so fewer would not fill the list. */
const LEAST_INCIDENTS = 20;

const id = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(String);
const cell = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? undefined : String(value)));
/** Cells are read by position: column names are leaf names, and two may be the same. */
const contactRow = z.tuple([id, cell]).rest(cell);
const incidentRow = z.tuple([id, cell, cell, cell, cell, id]).rest(cell);
type ContactRow = z.output<typeof contactRow>;
type IncidentRow = z.output<typeof incidentRow>;

const contactTable = z.object({ rows: z.array(contactRow) });
const incidentTable = z.object({ rows: z.array(incidentRow) });
const bothAnswer = z.object({ items: z.tuple([contactTable, incidentTable]) });
const contactsAnswer = z.object({ items: z.tuple([contactTable]) });
const incidentsAnswer = z.object({ items: z.tuple([incidentTable]) });

/**
 * The `b2c` dialect: Oracle B2C Service through Connect REST. One request fetches contacts and their open
 * incidents. If the site refuses it with 400, two requests do: contacts, then the incidents of the match.
 */
export function createB2cSource(options: B2cOptions, deps: SourceDeps): DialectSource {
  const { placeholders, customerFields } = options;
  const firstCustom = options.names ? 4 : 2;
  const connect = createConnectRest(options.acceptLanguage, deps);
  const roql = { ...options, incidents: Math.max(LEAST_INCIDENTS, options.cases) };
  let twoRequests = false;

  async function fetch<T>(query: Roql, schema: z.ZodType<T>, call: Call): Promise<T> {
    const answer = await connect.query(query.text, call);
    if (answer.status === 400) throw failureOfConnect(answer, deps.epochNow());
    return read(answer, schema);
  }

  function read<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
    const now = deps.epochNow();
    return readJson(answer, schema, { source: "oracle", what: "GET queryResults", now });
  }

  function matchIn(contacts: readonly ContactRow[]) {
    return bestMatch(contacts, {
      idOf: ([own]) => own,
      nameOf,
      rankOf: () => "exact",
      organisationOf: ([, organisation]) => organisation,
      placeholders,
      limit: MOST_CONTACTS,
    });
  }

  /** If names are not requested, custom fields are in their columns. */
  function namesOf([, , first, last]: ContactRow): readonly (string | undefined)[] {
    return options.names ? [first, last] : [];
  }

  function nameOf(contact: ContactRow): string {
    return namesOf(contact).filter(Boolean).join(" ");
  }

  async function incidentRows(contact: ContactRow, call: Call): Promise<readonly IncidentRow[]> {
    return (await fetch(incidentsOf(contact[0], roql), incidentsAnswer, call)).items[0].rows;
  }

  function found(contact: ContactRow, incidents: readonly IncidentRow[]): History {
    const [contactId, organisation] = contact;
    const [first, last] = namesOf(contact);
    const own = incidents.filter(belongsTo(contact));
    const cases = [...new Map(own.map((row) => [row[0], toCase(row)])).values()];
    return {
      match: "found",
      rank: "exact",
      customer: {
        id: safeReference(contactId),
        name: shownIfAny(nameOf(contact)),
        account: shownIfAny(organisation),
        firstName: shownIfAny(first),
        lastName: shownIfAny(last),
        ...(customerFields.length > 0 && {
          fields: shownFields(customerFields, (_, index) => contact[firstCustom + index]),
        }),
      },
      cases: newestFirst(cases).slice(0, options.cases),
      openCases: { count: cases.length, exact: incidents.length < roql.incidents },
    };
  }

  /** @returns undefined if the site cannot run the query. */
  async function findAtOnce(query: Roql, call: Call): Promise<History | undefined> {
    const answer = await connect.query(query.text, call);
    if (answer.status === 400) return undefined;
    const [contacts, incidents] = read(answer, bothAnswer).items;
    const match = matchIn(contacts.rows);
    if (match.match !== "one") return { match: match.match };
    const { customer } = match;
    const foreign = !incidents.rows.every(belongsTo(customer));
    // A full page with incidents of a placeholder may lack some of the customer's own.
    const incomplete = foreign && incidents.rows.length >= roql.incidents;
    return found(customer, incomplete ? await incidentRows(customer, call) : incidents.rows);
  }

  return {
    async find(identity, call) {
      if (!twoRequests) {
        const history = await findAtOnce(contactsAndIncidents(identity, roql), call);
        if (history !== undefined) return history;
      }
      const contacts = await fetch(contactsAlone(identity, roql), contactsAnswer, call);
      const match = matchIn(contacts.items[0].rows);
      if (match.match !== "one") return { match: match.match };
      const incidents = await incidentRows(match.customer, call);
      // Both statements work alone, so the site refuses only their combination.
      if (!twoRequests) {
        twoRequests = true;
        deps.onTwoRequests();
      }
      return found(match.customer, incidents);
    },
  };
}

function belongsTo(contact: ContactRow): (row: IncidentRow) => boolean {
  return (row) => row[5] === contact[0];
}

function toCase([incidentId, reference, subject, status, updated, , ...custom]: IncidentRow): Case {
  return {
    reference: safeReference(reference ?? incidentId),
    subject: shown([subject, ...custom].filter(Boolean).join(" · ")),
    status: shownWord(status ?? ""),
    updatedAt: timeOf(updated),
  };
}
