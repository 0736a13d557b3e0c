import type { Call } from "../../domain/call.ts";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { Count, Customer, History } from "../../domain/history/history.ts";
import { newestFirst, shownIfAny, type Together } from "../../domain/history/match.ts";
import { ambiguousHistory } from "../../domain/history/organisation.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { DialectSource, SourceDeps } from "../dialect/descriptor.ts";
import { hasLiteral } from "../dialect/literals.ts";
import { shownCustomer } from "../dialect/shown-customer.ts";
import { type FindAccountOptions, findAccount } from "./accounts.ts";
import { createFindContact, type FindContactOptions } from "./contacts.ts";
import { createCrmRest, isRefusedQuery } from "./crm-rest.ts";
import {
  type Contact,
  idOf,
  nameOf,
  REQUEST_FIELDS,
  requestsSchema,
  type ServiceRequest,
  toCase,
} from "./resources.ts";
import { accountRequestsOf, type RowMatch, requestsOf } from "./row-match.ts";

export interface FusionOptions extends FindContactOptions, FindAccountOptions {
  /** Values of `StatusTypeCd` and `StatusCd` that mean that a service request is closed. */
  readonly closedStatuses: ReadonlySet<string>;
}

/** One page. It includes closed requests: tenants define their own statuses, so no query can exclude them. */
const MOST_REQUESTS = 100;

/**
 * The `fusion` dialect: Oracle Fusion Service through its REST API. The first request fetches contacts,
 * the second one the service requests of the match.
 */
export function createFusionSource(options: FusionOptions, deps: SourceDeps): DialectSource {
  const { closedStatuses, customerFields } = options;
  const get = createCrmRest(deps);
  const findContact = createFindContact(options, get);

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

  /** Undefined if the tenant cannot be asked: a count is no reason to fail a lookup. */
  async function openCasesIfKnown(q: RowMatch, call: Call): Promise<Count | undefined> {
    try {
      return (await openRequests(q, call)).openCases;
    } catch (error) {
      if (isRefusedQuery(error)) return undefined;
      throw error;
    }
  }

  /** The open requests of all contacts cost as much as those of the one customer would. */
  async function ambiguous(together: Together<Contact> | undefined, call: Call): Promise<History> {
    const withoutCases = ambiguousHistory(together, nameOf);
    const isShown = withoutCases.match === "ambiguous" && withoutCases.organisation !== undefined;
    if (together === undefined || !isShown) return withoutCases;
    const ids = together.customers.map(({ PartyId }) => PartyId);
    return ambiguousHistory(together, nameOf, await openCasesIfKnown(requestsOf(...ids), call));
  }

  /** Of an organisation that has the number itself, nobody knows who calls. */
  async function ofAccount(query: CustomerQuery, call: Call): Promise<History> {
    if (query.kind !== "phone") return { match: "not_found" };
    const match = await findAccount(query, options, get, call);
    if (match.match !== "one") return { match: match.match };
    const { PartyId, OrganizationName } = match.customer;
    const name = shownIfAny(OrganizationName);
    if (name === undefined) return { match: "ambiguous" };
    const openCases = await openCasesIfKnown(accountRequestsOf(PartyId), call);
    return { match: "ambiguous", organisation: { name, contacts: undefined, openCases } };
  }

  return {
    async find(query, call) {
      if (query.kind === "email" && !hasLiteral(query)) return { match: "not_found" };
      const match = await findContact(query, call);
      if (match.match === "not_found") return ofAccount(query, call);
      if (match.match === "ambiguous") return ambiguous(match.together, call);
      const { customer, rank } = match;
      const { open, openCases } = await openRequests(requestsOf(customer.PartyId), call);
      const cases = newestFirst(open.map(toCase)).slice(0, options.cases);
      return {
        match: "found",
        rank,
        customer: toCustomer(customer, customerFields),
        cases,
        openCases,
      };
    },
  };
}

function toCustomer(contact: Contact, fields: readonly CustomerField[]): Customer {
  const { ContactName: name, AccountName: account } = contact;
  const { FirstName: firstName, LastName: lastName } = contact;
  const raw = { id: idOf(contact), name, account, firstName, lastName };
  return shownCustomer(raw, fields, (field) => contact[field]);
}
