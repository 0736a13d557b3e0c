import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { type CustomerField, shownFields } from "../../domain/history/customer-fields.ts";
import type { Case, Customer, History, HistorySource } from "../../domain/history/history.ts";
import {
  newestFirst,
  onlyOne,
  shown,
  shownIfAny,
  shownWord,
  timeOf,
} from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { Identity } from "../../domain/identity/identity.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HttpRequest } from "../../resilience/http/client.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";

export interface GatewayOptions {
  readonly send: Send;
  /** How many of the latest cases are fetched, in as many pages as the facade makes of them. */
  readonly cases: number;
  /** Ids and full names, lower case, of customers that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
  /** Asked for beside what the summary needs. */
  readonly customerFields?: readonly CustomerField[];
  readonly now: () => EpochMs;
}

/** Fields that are asked for by name; nothing else is fetched (`docs/reference/oracle.md`, "What is fetched"). */
const CUSTOMER_FIELDS = ["customerId", "firstName", "lastName", "accountName"] as const;
const CASE_FIELDS = ["caseNumber", "subject", "status", "lastUpdateDate"] as const;
const OPEN_STATUSES = "open,active";
/** More than one, for a limit of one would hide that a number belongs to several customers. */
const CUSTOMERS_ASKED = 2;

const text = z.string().nullish();
const customersSchema = z.object({
  totalCount: z.number().int().nonnegative().optional(),
  items: z.array(
    z.looseObject({
      customerId: z.union([z.string().min(1), z.number()]).transform(String),
      firstName: text,
      lastName: text,
      accountName: text,
    }),
  ),
});
const casesSchema = z.object({
  totalCount: z.number().int().nonnegative().optional(),
  items: z.array(
    z.object({
      caseNumber: z.union([z.string().min(1), z.number()]).transform(String),
      subject: text,
      status: text,
      lastUpdateDate: text,
    }),
  ),
  hasMore: z.boolean().optional(),
});
type FoundCustomer = z.infer<typeof customersSchema>["items"][number];
type CasesPage = z.infer<typeof casesSchema>;

/**
 * The `gateway` dialect: a facade in front of Oracle (`docs/reference/oracle.md`, "The gateway dialect").
 * One search and one page of cases for a customer who is found at once; one further search where
 * the number may be stored in another spelling.
 */
export function createGatewaySource(options: GatewayOptions): HistorySource {
  const { send, now, customerFields = [] } = options;
  const fields = [...CUSTOMER_FIELDS, ...customerFields.map(({ field }) => field)];
  const limit = options.placeholders.size === 0 ? CUSTOMERS_ASKED : LARGEST_PAGE;

  async function search(
    searchFields: readonly { field: "phone" | "email"; value: string }[],
    call: Call,
  ): Promise<readonly FoundCustomer[]> {
    const request: HttpRequest = {
      method: "POST",
      path: "/api/rest/v1/customers/search",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        searchFields,
        limit,
        fields,
      }),
    };
    const asked: RequestInfo = { source: "oracle", what: `POST ${request.path}`, now: now() };
    const answer = await send(request, call);
    if (answer.status !== 200) throw failureOfStatus(answer, asked);
    return readJson(answer, customersSchema, asked).items;
  }

  async function casesPage(customerId: string, offset: number, call: Call): Promise<CasesPage> {
    const path = "/api/rest/v1/cases";
    const query = new URLSearchParams({
      customerId,
      status: OPEN_STATUSES,
      fields: CASE_FIELDS.join(","),
      limit: String(Math.min(options.cases - offset, LARGEST_PAGE)),
      offset: String(offset),
    });
    const asked: RequestInfo = { source: "oracle", what: `GET ${path}`, now: now() };
    const answer = await send({ method: "GET", path: `${path}?${query}` }, call);
    if (answer.status !== 200) throw failureOfStatus(answer, asked);
    return readJson(answer, casesSchema, asked);
  }

  function theOne(found: readonly FoundCustomer[]) {
    const { placeholders } = options;
    return onlyOne(found, { idOf: ({ customerId }) => customerId, nameOf, placeholders, limit });
  }

  async function latestCases(customerId: string, call: Call) {
    const pages: CasesPage[] = [];
    let fetched = 0;
    for (;;) {
      const page = await casesPage(customerId, fetched, call);
      pages.push(page);
      fetched += page.items.length;
      const more = page.hasMore === true && page.items.length > 0;
      if (!more || fetched >= options.cases) break;
    }
    const last = pages.at(-1);
    const items = pages.flatMap((page) => page.items);
    return {
      cases: newestFirst(items.map(toCase)).slice(0, options.cases),
      openCases: {
        count: last?.totalCount ?? items.length,
        exact: last?.totalCount !== undefined || last?.hasMore !== true,
      },
    };
  }

  return {
    async find(identity, call) {
      let one = theOne(await search([exactField(identity)], call));
      if (one.match === "not_found" && identity.kind === "phone" && identity.spellings.length > 0) {
        const spellings = identity.spellings.map((value) => ({ field: "phone" as const, value }));
        one = theOne(await search(spellings, call));
      }
      if (one.match !== "one") return one;
      const { customer } = one;
      const { cases, openCases } = await latestCases(customer.customerId, call);
      return {
        match: "found",
        customer: toCustomer(customer, customerFields),
        cases,
        openCases,
      } satisfies History;
    },
  };
}

const LARGEST_PAGE = 20;

function exactField(identity: Identity): { field: "phone" | "email"; value: string } {
  return identity.kind === "phone"
    ? { field: "phone", value: identity.number }
    : { field: "email", value: identity.address };
}

function nameOf({ firstName, lastName }: FoundCustomer): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

function toCustomer(found: FoundCustomer, fields: readonly CustomerField[]): Customer {
  return {
    id: safeReference(found.customerId),
    name: shownIfAny(nameOf(found)),
    account: shownIfAny(found.accountName),
    firstName: shownIfAny(found.firstName),
    lastName: shownIfAny(found.lastName),
    ...(fields.length > 0 && { fields: shownFields(fields, (field) => found[field]) }),
  };
}

/** The facade is asked for no order: the order is made by {@link newestFirst}. */
function toCase(item: CasesPage["items"][number]): Case {
  return {
    reference: safeReference(item.caseNumber),
    subject: shown(item.subject ?? ""),
    status: shownWord(item.status ?? ""),
    updatedAt: timeOf(item.lastUpdateDate),
  };
}
