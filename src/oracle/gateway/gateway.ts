import type { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import type { History } from "../../domain/history/history.ts";
import { type Match, newestFirst } from "../../domain/history/match.ts";
import { ambiguousHistory } from "../../domain/history/organisation.ts";
import type { HttpRequest } from "../../resilience/http/client.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import { matchAmong } from "../dialect/rows.ts";
import {
  type CasesPage,
  casesSchema,
  customersSchema,
  type FoundCase,
  type FoundCustomer,
  NO_CASES,
  NO_CUSTOMERS,
  withoutNames,
} from "./answers.ts";
import { type Search, searchesFor } from "./search-fields.ts";
import { nameOfCustomer, toCase, toCustomer } from "./shown.ts";

/** Only these fields are fetched (`docs/reference/oracle.md`, "What is fetched"). */
const CUSTOMER_FIELDS = ["customerId", "accountName"] as const;
const NAME_FIELDS = ["firstName", "lastName"] as const;
const CASE_FIELDS = ["caseNumber", "subject", "status", "lastUpdateDate"] as const;
const OPEN_STATUSES = "open,active";
/** Enough to see that a number belongs to several customers, and whether they are of one organisation. */
const LARGEST_PAGE = 20;

/**
 * The `gateway` dialect: a facade in front of Oracle (`docs/reference/oracle.md`, "The gateway dialect").
 * A lookup costs one search and one page of cases, and a second search if nobody has the number in
 * international form.
 */
export function createGatewaySource(
  { cases: shownCases, placeholders, customerFields, referenceFields, names }: SourceOptions,
  { send, epochNow, onColumnRefused }: SourceDeps,
): DialectSource {
  const fields = [
    ...CUSTOMER_FIELDS,
    ...(names ? NAME_FIELDS : []),
    ...customerFields.map(({ field }) => field),
  ];
  let referencesRefused = false;

  async function ask<T>(
    request: HttpRequest,
    what: string,
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<T | undefined> {
    const info: RequestInfo = { source: "oracle", what, now: epochNow() };
    const answer = await send(request, call);
    if (answer.status === 204) return undefined;
    if (answer.status !== 200) throw failureOfStatus(answer, info);
    return readJson(answer, schema, info, parseExactly);
  }

  async function search({ searchFields, rank }: Search, call: Call): Promise<Match<FoundCustomer>> {
    const path = "/api/rest/v1/customers/search";
    const request: HttpRequest = {
      method: "POST",
      path,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ searchFields, limit: LARGEST_PAGE, fields }),
    };
    const found = (await ask(request, `POST ${path}`, customersSchema, call)) ?? NO_CUSTOMERS;
    const known = names ? found : withoutNames(found);
    return matchAmong(known, {
      idOf: ({ customerId }) => customerId,
      nameOf: nameOfCustomer,
      rankOf: () => rank,
      organisationOf: ({ accountName }) => accountName,
      placeholders,
      limit: LARGEST_PAGE,
    });
  }

  /** A facade need not know fields of references: the first 400 is remembered, and nobody is found. */
  async function searchReference(one: Search, call: Call): Promise<Match<FoundCustomer>> {
    if (referencesRefused) return { match: "not_found" };
    try {
      return await search(one, call);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!referencesRefused) for (const field of referenceFields) onColumnRefused(field);
      referencesRefused = true;
      return { match: "not_found" };
    }
  }

  async function matchOf(query: CustomerQuery, call: Call): Promise<Match<FoundCustomer>> {
    for (const one of searchesFor(query, referenceFields)) {
      const match = await (query.kind === "reference" ? searchReference : search)(one, call);
      if (match.match !== "not_found") return match;
    }
    return { match: "not_found" };
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
    const request: HttpRequest = { method: "GET", path: `${path}?${query}` };
    return (await ask(request, `GET ${path}`, casesSchema, call)) ?? NO_CASES;
  }

  async function latestCases(customerId: string, call: Call) {
    const { cases, size, totalCount, hasMore } = await allPages(shownCases, (offset) =>
      casesPage(customerId, offset, call),
    );
    // A total below the number of cases that came is wrong.
    const total = totalCount !== undefined && totalCount >= size ? totalCount : undefined;
    return {
      cases: newestFirst(cases.map(toCase)).slice(0, shownCases),
      openCases: { count: total ?? size, exact: total !== undefined || !hasMore },
    };
  }

  return {
    async find(query, call) {
      const match = await matchOf(query, call);
      if (match.match === "not_found") return match;
      // Counting the cases of an organisation would cost one request for each of its customers.
      if (match.match === "ambiguous") return ambiguousHistory(match.together, nameOfCustomer);
      const { customer, rank } = match;
      const { cases, openCases } = await latestCases(customer.customerId, call);
      const found: History = {
        match: "found",
        rank,
        customer: toCustomer(customer, customerFields),
        cases,
        openCases,
      };
      return found;
    },
  };
}

/** Asks page by page. @param fetch gets the page at an offset */
async function allPages(
  most: number,
  fetch: (offset: number) => Promise<CasesPage>,
): Promise<CasesPage> {
  const cases: FoundCase[] = [];
  for (let size = 0; ; ) {
    const page = await fetch(size);
    cases.push(...page.cases);
    size += page.size;
    if (!page.hasMore || page.size === 0 || size >= most) return { ...page, cases, size };
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.status === 400;
}
