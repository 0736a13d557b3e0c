import { z } from "zod";
import type { Send } from "../http/authorized.ts";
import type { HttpAnswer } from "../http/client.ts";
import { readJson } from "../http/read-json.ts";
import type { Call } from "../protection/call.ts";
import { createConnectRest, failureOfConnect } from "./connect-rest.ts";
import { newestFirst, onlyOne, shown, shownIfAny, shownWord, timeOf } from "./match.ts";
import { contactsAlone, contactsAndIncidents, incidentsOf, type Roql } from "./roql.ts";
import { safeReference } from "./safe-text.ts";
import type { Case, History, HistorySource } from "./source.ts";

export interface B2cOptions {
  readonly send: Send;
  /** How many of the latest open incidents are shown. */
  readonly cases: number;
  /** Ids of contacts that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
  /** Custom fields of an incident that are shown after its subject. */
  readonly customFields: readonly string[];
  readonly acceptLanguage: string | undefined;
  /** Told once, when the site has refused the one request and is asked two from then on. */
  readonly onTwoRequests: () => void;
  readonly now: () => number;
}

/** At least so many, for a number stored twice gives each incident twice. */
const LEAST_INCIDENTS = 20;

const id = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(String);
const cell = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? undefined : String(value)));
/** By position, for column names are leaf names, and two may be the same. */
const contactRow = z.tuple([id, cell, cell, cell]);
const incidentRow = z.tuple([id, cell, cell, cell, cell, id]).rest(cell);
type ContactRow = z.output<typeof contactRow>;
type IncidentRow = z.output<typeof incidentRow>;

const contactTable = z.object({ rows: z.array(contactRow) });
const incidentTable = z.object({ rows: z.array(incidentRow) });
const bothAnswer = z.object({ items: z.tuple([contactTable, incidentTable]) });
const contactsAnswer = z.object({ items: z.tuple([contactTable]) });
const incidentsAnswer = z.object({ items: z.tuple([incidentTable]) });

/**
 * The `b2c` dialect: Oracle B2C Service through Connect REST. One request for contacts and their open
 * incidents; where the site refuses that with 400, contacts first and then the incidents of the one.
 */
export function createB2cSource(options: B2cOptions): HistorySource {
  const { now, customFields } = options;
  const connect = createConnectRest(options);
  const roql = { incidents: Math.max(LEAST_INCIDENTS, options.cases), customFields };
  let twoRequests = false;

  async function ask<T>(query: Roql, schema: z.ZodType<T>, call: Call): Promise<T> {
    const answer = await connect.query(query.text, call);
    if (answer.status === 400) throw failureOfConnect(answer, now());
    return read(answer, schema);
  }

  function read<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
    return readJson(answer, schema, { source: "oracle", what: "GET queryResults", now: now() });
  }

  function theOne(contacts: readonly ContactRow[]) {
    return onlyOne(contacts, ([contactId]) => contactId, options.placeholders);
  }

  async function incidentRows(contact: ContactRow, call: Call): Promise<readonly IncidentRow[]> {
    return (await ask(incidentsOf(contact[0], roql), incidentsAnswer, call)).items[0].rows;
  }

  function found(contact: ContactRow, incidents: readonly IncidentRow[]): History {
    const [contactId, first, last, organisation] = contact;
    const full = incidents.length >= roql.incidents;
    const own = incidents.filter(belongsTo(contact));
    const cases = [...new Map(own.map((row) => [row[0], toCase(row)])).values()];
    return {
      match: "found",
      customer: {
        id: safeReference(contactId),
        name: shownIfAny([first, last].filter(Boolean).join(" ")),
        account: shownIfAny(organisation),
      },
      cases: newestFirst(cases).slice(0, options.cases),
      openCases: { count: cases.length, exact: !full },
    };
  }

  return {
    async find(identity, call) {
      if (!twoRequests) {
        const answer = await connect.query(contactsAndIncidents(identity, roql).text, call);
        if (answer.status === 200) {
          const [contacts, incidents] = read(answer, bothAnswer).items;
          const one = theOne(contacts.rows);
          if (one.match !== "one") return one;
          const crowdedOut = !incidents.rows.every(belongsTo(one.customer));
          if (!crowdedOut || incidents.rows.length < roql.incidents) {
            return found(one.customer, incidents.rows);
          }
          // A placeholder's incidents have taken the places of the customer's own.
          return found(one.customer, await incidentRows(one.customer, call));
        }
      }
      const contacts = await ask(contactsAlone(identity), contactsAnswer, call);
      if (!twoRequests) {
        twoRequests = true;
        options.onTwoRequests();
      }
      const one = theOne(contacts.items[0].rows);
      if (one.match !== "one") return one;
      return found(one.customer, await incidentRows(one.customer, call));
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
