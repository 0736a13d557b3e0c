import type { Call } from "../../domain/call.ts";
import { shownFields } from "../../domain/history/customer-fields.ts";
import type { Customer, History } from "../../domain/history/history.ts";
import { type Match, newestFirst, shownIfAny } from "../../domain/history/match.ts";
import { ambiguousHistory } from "../../domain/history/organisation.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import type { EmailQuery } from "../dialect/literals.ts";
import { matchAmong, type Rows } from "../dialect/rows.ts";
import { createCrmRest, isRefusedQuery } from "./crm-rest.ts";
import {
  type Contact,
  contactsSchema,
  idOf,
  nameOf,
  ownersSchema,
  REQUEST_FIELDS,
  rankOf,
  requestsSchema,
  type ServiceRequest,
  toCase,
} from "./resources.ts";
import {
  contactOf,
  contactsWith,
  contactsWithAddress,
  type RowMatch,
  requestsOf,
  requestsWith,
} from "./row-match.ts";

export interface FusionOptions extends SourceOptions {
  /** The attributes of a contact that hold telephone numbers. Each must be queryable. */
  readonly phoneAttributes: readonly string[];
  /** Values of `StatusTypeCd` and `StatusCd` that mean that a service request is closed. */
  readonly closedStatuses: ReadonlySet<string>;
}

/** More than one, to detect ambiguity, and room for some placeholders. */
const MOST_CONTACTS = 20;
/** One page. It includes closed requests: tenants define their own statuses, so no query can exclude them. */
const MOST_REQUESTS = 100;

/** The statuses of a party that was merged, deactivated or deleted. */
const GONE = new Set(["I", "M", "D"]);

/** The variable that names the attributes of a query, by what is looked up. */
const VARIABLES = {
  phone: "ORACLE_PHONE_ATTRIBUTES",
  email: undefined,
  reference: "ORACLE_REFERENCE_FIELDS",
} as const;

/**
 * The `fusion` dialect: Oracle Fusion Service through its REST API. The first request fetches contacts,
 * the second one the service requests of the match.
 */
export function createFusionSource(options: FusionOptions, deps: SourceDeps): DialectSource {
  const { placeholders, closedStatuses, customerFields, phoneAttributes } = options;
  const get = createCrmRest(deps);
  const attributes = { phones: phoneAttributes, references: options.referenceFields };
  let upperRefused = false;

  /** The attributes of a contact. A number that was asked for says how sure a match is. */
  function fieldsFor(kind: CustomerQuery["kind"]): string {
    const fields = new Set([
      ...["PartyId", "PartyNumber", "AccountName", "PartyStatus"],
      ...(options.names ? ["ContactName", "FirstName", "LastName"] : []),
      ...(kind === "phone" ? phoneAttributes : []),
      ...customerFields.map(({ field }) => field),
    ]);
    return [...fields].join(",");
  }

  function contactsBy(
    q: RowMatch,
    kind: CustomerQuery["kind"],
    call: Call,
  ): Promise<Rows<Contact>> {
    const query = { limit: String(MOST_CONTACTS), fields: fieldsFor(kind), q };
    const schema = contactsSchema;
    const variable = VARIABLES[kind];
    return get({ resource: "contacts", query, schema, variable }, call);
  }

  /** A tenant that refuses `upper()` compares the address as it is, from then on. */
  async function contactsByAddress(query: EmailQuery, call: Call): Promise<Rows<Contact>> {
    if (!upperRefused) {
      try {
        return await contactsBy(contactsWith(query, attributes), "email", call);
      } catch (error) {
        if (!isRefusedQuery(error)) throw error;
      }
    }
    const found = await contactsBy(contactsWithAddress(query), "email", call);
    upperRefused = true;
    return found;
  }

  function matchIn(contacts: Rows<Contact>, query: CustomerQuery): Match<Contact> {
    return matchAmong(contacts, {
      idOf,
      nameOf,
      rankOf: (contact) =>
        GONE.has(contact.PartyStatus ?? "") ? undefined : rankOf(contact, query, phoneAttributes),
      organisationOf: ({ AccountName }) => AccountName,
      placeholders,
      limit: MOST_CONTACTS,
    });
  }

  async function matchOf(query: CustomerQuery, call: Call): Promise<Match<Contact>> {
    const contacts =
      query.kind === "email"
        ? await contactsByAddress(query, call)
        : await contactsBy(contactsWith(query, attributes), query.kind, call);
    const match = matchIn(contacts, query);
    return match.match === "not_found" && query.kind === "reference"
      ? matchOfRequest(query, call)
      : match;
  }

  /** The contact of the service request that the reference names. */
  async function matchOfRequest(
    query: CustomerQuery & { kind: "reference" },
    call: Call,
  ): Promise<Match<Contact>> {
    const { items } = await get(
      {
        resource: "serviceRequests",
        query: {
          limit: String(MOST_CONTACTS),
          fields: "PrimaryContactPartyId",
          q: requestsWith(query.reference),
        },
        schema: ownersSchema,
        variable: undefined,
      },
      call,
    );
    const owners = new Set(items.readable.map(({ PrimaryContactPartyId: owner }) => owner));
    const [owner, another] = owners;
    if (another !== undefined) return { match: "ambiguous" };
    if (owner === undefined) return { match: "not_found" };
    return matchIn(await contactsBy(contactOf(owner), "reference", call), query);
  }

  function isOpen({ StatusTypeCd, StatusCd, ClosedDate }: ServiceRequest): boolean {
    const isClosed = (status: string | undefined) =>
      status !== undefined && closedStatuses.has(status);
    return !isClosed(StatusTypeCd) && !isClosed(StatusCd) && ClosedDate === undefined;
  }

  async function openRequests(q: RowMatch, call: Call) {
    const { items, hasMore } = await get(
      {
        resource: "serviceRequests",
        query: {
          limit: String(MOST_REQUESTS),
          fields: REQUEST_FIELDS.join(","),
          orderBy: "LastUpdateDate:desc",
          q,
        },
        schema: requestsSchema,
        variable: undefined,
      },
      call,
    );
    const open = items.readable.filter(isOpen);
    const exact = !hasMore && items.missing === 0;
    return { open, openCases: { count: open.length, exact } };
  }

  /** The open requests of all contacts cost as much as those of the one customer would. */
  async function ambiguous(
    { together }: Match<Contact> & { match: "ambiguous" },
    call: Call,
  ): Promise<History> {
    const withoutCases = ambiguousHistory(together, nameOf);
    const isShown = withoutCases.match === "ambiguous" && withoutCases.organisation !== undefined;
    if (together === undefined || !isShown) return withoutCases;
    const ids = together.customers.map(({ PartyId }) => PartyId);
    try {
      const { openCases } = await openRequests(requestsOf(...ids), call);
      return ambiguousHistory(together, nameOf, openCases);
    } catch (error) {
      if (isRefusedQuery(error)) return withoutCases;
      throw error;
    }
  }

  function toCustomer(contact: Contact): Customer {
    return {
      id: safeReference(idOf(contact)),
      name: shownIfAny(contact.ContactName),
      account: shownIfAny(contact.AccountName),
      firstName: shownIfAny(contact.FirstName),
      lastName: shownIfAny(contact.LastName),
      ...(customerFields.length > 0 && {
        fields: shownFields(customerFields, (field) => contact[field]),
      }),
    };
  }

  return {
    async find(query, call) {
      const match = await matchOf(query, call);
      if (match.match === "not_found") return match;
      if (match.match === "ambiguous") return ambiguous(match, call);
      const { customer, rank } = match;
      const { open, openCases } = await openRequests(requestsOf(customer.PartyId), call);
      const cases = newestFirst(open.map(toCase)).slice(0, options.cases);
      return { match: "found", rank, customer: toCustomer(customer), cases, openCases };
    },
  };
}
