import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { type CustomerField, shownFields } from "../../domain/history/customer-fields.ts";
import type { Case, Customer, History } from "../../domain/history/history.ts";
import {
  bestMatch,
  newestFirst,
  shown,
  shownIfAny,
  shownWord,
  timeOf,
} from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { HttpRequest } from "../../resilience/http/client.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import { refusedQuery } from "../dialect/literals.ts";

/** Only these fields are fetched (`docs/reference/oracle.md`, "What is fetched"). */
const CUSTOMER_FIELDS = ["customerId", "firstName", "lastName", "accountName"] as const;
const CASE_FIELDS = ["caseNumber", "subject", "status", "lastUpdateDate"] as const;
const OPEN_STATUSES = "open,active";
/** More than one: a limit of one would hide that a number belongs to several customers. */
const CUSTOMERS_LIMIT = 2;
const LARGEST_PAGE = 20;

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
 * A lookup costs one search and one page of cases, and a second search if nobody has the number in
 * international form.
 */
export function createGatewaySource(
  { cases: shownCases, placeholders, customerFields }: SourceOptions,
  { send, epochNow }: SourceDeps,
): DialectSource {
  const fields = [...CUSTOMER_FIELDS, ...customerFields.map(({ field }) => field)];
  const limit = placeholders.size === 0 ? CUSTOMERS_LIMIT : LARGEST_PAGE;

  async function search(
    searchFields: readonly { field: "phone" | "email"; value: string }[],
    call: Call,
  ): Promise<readonly FoundCustomer[]> {
    const request: HttpRequest = {
      method: "POST",
      path: "/api/rest/v1/customers/search",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ searchFields, limit, fields }),
    };
    const info: RequestInfo = { source: "oracle", what: `POST ${request.path}`, now: epochNow() };
    const answer = await send(request, call);
    if (answer.status !== 200) throw failureOfStatus(answer, info);
    return readJson(answer, customersSchema, info).items;
  }

  async function casesPage(customerId: string, offset: number, call: Call): Promise<CasesPage> {
    const path = "/api/rest/v1/cases";
    const query = new URLSearchParams({
      customerId,
      status: OPEN_STATUSES,
      fields: CASE_FIELDS.join(","),
      limit: String(Math.min(shownCases - offset, LARGEST_PAGE)),
      offset: String(offset),
    });
    const info: RequestInfo = { source: "oracle", what: `GET ${path}`, now: epochNow() };
    const answer = await send({ method: "GET", path: `${path}?${query}` }, call);
    if (answer.status !== 200) throw failureOfStatus(answer, info);
    return readJson(answer, casesSchema, info);
  }

  function matchIn(found: readonly FoundCustomer[]) {
    return bestMatch(found, {
      idOf: ({ customerId }) => customerId,
      nameOf,
      rankOf: () => "exact",
      organisationOf: ({ accountName }) => accountName ?? undefined,
      placeholders,
      limit,
    });
  }

  async function latestCases(customerId: string, call: Call) {
    const pages: CasesPage[] = [];
    let fetched = 0;
    for (;;) {
      const page = await casesPage(customerId, fetched, call);
      pages.push(page);
      fetched += page.items.length;
      const more = page.hasMore === true && page.items.length > 0;
      if (!more || fetched >= shownCases) break;
    }
    const last = pages.at(-1);
    const items = pages.flatMap((page) => page.items);
    return {
      cases: newestFirst(items.map(toCase)).slice(0, shownCases),
      openCases: {
        count: last?.totalCount ?? items.length,
        exact: last?.totalCount !== undefined || last?.hasMore !== true,
      },
    };
  }

  return {
    async find(identity, call) {
      let found = matchIn(await search([exactField(identity)], call));
      if (found.match === "not_found" && identity.kind === "phone" && identity.spellings.length) {
        const spellings = identity.spellings.map(({ text }) => ({
          field: "phone" as const,
          value: text,
        }));
        found = matchIn(await search(spellings, call));
      }
      if (found.match !== "one") return { match: found.match };
      const { customer } = found;
      const { cases, openCases } = await latestCases(customer.customerId, call);
      return {
        match: "found",
        rank: "exact",
        customer: toCustomer(customer, customerFields),
        cases,
        openCases,
      } satisfies History;
    },
  };
}

function exactField(identity: CustomerQuery): { field: "phone" | "email"; value: string } {
  if (identity.kind === "reference") throw refusedQuery("a reference");
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

/** The request names no order; {@link newestFirst} sorts. */
function toCase(item: CasesPage["items"][number]): Case {
  return {
    reference: safeReference(item.caseNumber),
    subject: shown(item.subject ?? ""),
    status: shownWord(item.status ?? ""),
    updatedAt: timeOf(item.lastUpdateDate),
  };
}
