import type { SandboxCase, SandboxCustomer } from "../site/customers.ts";
import type { CaseQuery, CustomerSearch } from "./request.ts";

/** One page of a list. */
export interface GatewayPage<Item> {
  /** Number of items on all pages. */
  readonly totalCount: number;
  readonly items: readonly Partial<Item>[];
}

/**
 * [pure] The customers that have any of the values, each once. Phones are compared exactly, emails without
 * case.
 */
export function searchCustomers(
  customers: readonly SandboxCustomer[],
  search: CustomerSearch,
): GatewayPage<SandboxCustomer> {
  const found = new Map<string, SandboxCustomer>();
  for (const customer of customers) {
    if (found.has(customer.customerId)) continue;
    if (search.searchFields.some((field) => has(customer, field))) {
      found.set(customer.customerId, customer);
    }
  }
  const items = [...found.values()].slice(0, search.limit);
  return { totalCount: found.size, items: items.map((item) => pick(item, search.fields)) };
}

function has(
  customer: SandboxCustomer,
  { field, value }: CustomerSearch["searchFields"][number],
): boolean {
  switch (field) {
    case "phone":
      return customer.phones.includes(value);
    case "email":
      return customer.emails.some((email) => email.toLowerCase() === value.toLowerCase());
    case "caseNumber":
      return customer.cases.some(({ caseNumber }) => caseNumber === value);
    case "customerId":
    case "accountNumber":
      return customer[field] === value;
  }
}

/** [pure] JSON in which ids that are digits have no quotes, whatever their length. */
export function withNumericIds(answer: unknown): string {
  return JSON.stringify(answer).replace(
    /"(customerId|caseNumber)":"([1-9]\d*)"/g,
    (_, name: string, id: string) => `"${name}":${id}`,
  );
}

/** [pure] A page of a customer's cases, newest first. Empty if the customer is unknown. */
export function listCases(
  customers: readonly SandboxCustomer[],
  query: CaseQuery,
): GatewayPage<SandboxCase> & { readonly hasMore: boolean } {
  const cases = customers
    .filter(({ customerId }) => customerId === query.customerId)
    .flatMap((customer) => customer.cases)
    .filter(({ state = "open" }) => query.status.includes(state))
    .toSorted((a, b) => Date.parse(b.lastUpdateDate) - Date.parse(a.lastUpdateDate));
  const end = query.offset + query.limit;
  return {
    totalCount: cases.length,
    items: cases.slice(query.offset, end).map((item) => pick(item, query.fields)),
    hasMore: end < cases.length,
  };
}

function pick<Item, Name extends keyof Item>(item: Item, names: readonly Name[]): Partial<Item> {
  const picked: Partial<Item> = {};
  for (const name of names) picked[name] = item[name];
  return picked;
}
