import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { Case, Count, Customer, History } from "../../domain/history/history.ts";
import { type Match, newestFirst } from "../../domain/history/match.ts";
import { ambiguousHistory } from "../../domain/history/organisation.ts";
import type { Rank } from "../../domain/identity/rank.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import { hasLiteral } from "../dialect/literals.ts";
import { matchAmong, type Rows } from "../dialect/rows.ts";
import { shownCustomer } from "../dialect/shown-customer.ts";
import {
  type ContactRow,
  contactColumns,
  contactTable,
  isDisabledContact,
  nameOfContact,
  namesOfContact,
  organisationOfContact,
  suspectColumns,
} from "./columns.ts";
import { casesOf, incidentTable, sizeOf } from "./incidents.ts";
import { rankOfRow } from "./rank-of-row.ts";
import { contactIdsOf, contactsWithReference, referenceStatements } from "./reference.ts";
import {
  contactsAlone,
  contactsAndIncidents,
  contactsWithIds,
  incidentColumn,
  incidentsOf,
  MOST_CONTACTS,
  type Roql,
  type RoqlOptions,
} from "./roql.ts";
import { type BuildRoql, createB2cSite, type SiteAnswer } from "./site.ts";

export interface B2cOptions extends SourceOptions, Omit<RoqlOptions, "incidents" | "refused"> {
  readonly acceptLanguage: string | undefined;
}

/** A number that is stored twice gives each incident twice, so fewer would not fill the list. */
const LEAST_INCIDENTS = 20;

type Incidents = z.output<typeof incidentTable>;
interface OneContact {
  readonly customer: ContactRow;
  readonly rank: Rank;
}

/**
 * The `b2c` dialect: Oracle B2C Service through Connect REST. One request fetches contacts and their open
 * incidents. If the site refuses it with 400, two requests do: contacts, then the incidents of the match.
 * A column that the site refuses is left out from then on.
 */
export function createB2cSource(options: B2cOptions, deps: SourceDeps): DialectSource {
  const { placeholders, customerFields, referenceFields } = options;
  const site = createB2cSite(options.acceptLanguage, deps);
  const incidents = Math.max(LEAST_INCIDENTS, options.cases);
  const incidentSuspects = options.customFields.map(incidentColumn);
  let twoRequests = false;

  function withOptions(build: (roql: RoqlOptions) => Roql): BuildRoql {
    return (refused) => build({ ...options, incidents, refused });
  }

  function columnsOf(kind: CustomerQuery["kind"], { refused }: SiteAnswer): readonly string[] {
    return contactColumns(kind, { ...options, refused });
  }

  function matchIn(contacts: Rows<ContactRow>, query: CustomerQuery, { refused }: SiteAnswer) {
    return matchAmong(contacts, {
      idOf: ({ id }) => id,
      nameOf: nameOfContact,
      rankOf: (row) => rankOfRow(row, query, { ...options, refused }),
      organisationOf: organisationOfContact,
      isDisabled: isDisabledContact,
      placeholders,
      limit: MOST_CONTACTS,
    });
  }

  async function incidentsOfContact(contact: ContactRow, call: Call): Promise<Incidents> {
    const build = withOptions((roql) => incidentsOf(contact.id, roql));
    const { answer } = await site.ask(build, incidentSuspects, call);
    return site.read(answer, z.object({ items: z.tuple([incidentTable]) })).items[0];
  }

  function found({ customer: contact, rank }: OneContact, table: Incidents): History {
    const own = table.rows.readable.filter(({ contactId }) => contactId === contact.id);
    const cases = casesOf(own);
    return {
      match: "found",
      rank,
      customer: toCustomer(contact, customerFields),
      cases: newestFirst(cases).slice(0, options.cases),
      openCases: countOf(cases, table),
    };
  }

  /** Not exact if the page is full, or one of its rows cannot be read. */
  function countOf(cases: readonly Case[], { rows }: Incidents): Count {
    const exact = rows.missing === 0 && rows.readable.length < incidents;
    return { count: cases.length, exact };
  }

  /** The incidents of several contacts came with them. */
  function ambiguous(match: Match<ContactRow> & { match: "ambiguous" }, table: Incidents): History {
    const ids = new Set(match.together?.customers.map(({ id }) => id));
    const cases = casesOf(table.rows.readable.filter(({ contactId }) => ids.has(contactId)));
    return ambiguousHistory(match.together, nameOfContact, countOf(cases, table));
  }

  async function readBoth(query: CustomerQuery, both: SiteAnswer, call: Call): Promise<History> {
    const table = contactTable(columnsOf(query.kind, both));
    const schema = z.object({ items: z.tuple([table, incidentTable]) });
    const [contacts, all] = site.read(both.answer, schema).items;
    const match = matchIn(contacts.rows, query, both);
    if (match.match === "not_found") return match;
    if (match.match === "ambiguous") return ambiguous(match, all);
    const foreign = all.rows.readable.some(({ contactId }) => contactId !== match.customer.id);
    // A full page with incidents of somebody else may lack some of the customer's own.
    const incomplete = foreign && sizeOf(all) >= incidents;
    return found(match, incomplete ? await incidentsOfContact(match.customer, call) : all);
  }

  async function findInTwo(query: CustomerQuery, call: Call): Promise<History> {
    const known = site.refused.size;
    const build = withOptions((roql) => contactsAlone(query, roql));
    const alone = await site.ask(build, suspectColumns(query.kind, options), call);
    const table = contactTable(columnsOf(query.kind, alone));
    const [contacts] = site.read(alone.answer, z.object({ items: z.tuple([table]) })).items;
    const match = matchIn(contacts.rows, query, alone);
    if (match.match === "not_found") return match;
    if (match.match === "ambiguous") return ambiguousHistory(match.together, nameOfContact);
    const own = await incidentsOfContact(match.customer, call);
    // Both statements work alone, with every column: the site refuses only their combination.
    if (!twoRequests && site.refused.size === known) {
      twoRequests = true;
      deps.onTwoRequests();
    }
    return found(match, own);
  }

  /** Two requests: whose reference it is, then these contacts with their incidents. */
  async function findByReference(
    query: CustomerQuery & { kind: "reference" },
    call: Call,
  ): Promise<History> {
    const statements = referenceStatements(query.reference, referenceFields);
    if (statements.length === 0) return { match: "not_found" };
    const { answer } = await site.ask(() => contactsWithReference(statements), [], call);
    const ids = contactIdsOf(answer, site, statements.length);
    if (ids === undefined || ids.length > MOST_CONTACTS) return { match: "ambiguous" };
    if (ids.length === 0) return { match: "not_found" };
    const build = withOptions((roql) => contactsWithIds(ids, roql));
    const suspects = [...suspectColumns("reference", options), ...incidentSuspects];
    return readBoth(query, await site.ask(build, suspects, call), call);
  }

  return {
    async find(query, call) {
      if (query.kind === "reference") return findByReference(query, call);
      if (query.kind === "email" && !hasLiteral(query)) return { match: "not_found" };
      if (!twoRequests) {
        const build = withOptions((roql) => contactsAndIncidents(query, roql));
        const both = await site.tryOnce(build, call);
        if (both !== undefined) return readBoth(query, both, call);
      }
      return findInTwo(query, call);
    },
  };
}

function toCustomer(contact: ContactRow, fields: readonly CustomerField[]): Customer {
  const [firstName, lastName] = namesOfContact(contact);
  const account = organisationOfContact(contact);
  const raw = { id: contact.id, name: nameOfContact(contact), account, firstName, lastName };
  return shownCustomer(raw, fields, contact.cell);
}
