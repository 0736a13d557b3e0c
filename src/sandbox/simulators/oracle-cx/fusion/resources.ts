import type { SandboxCustomer } from "../site/customers.ts";
import type { Comparison } from "./query.ts";

/** A row of a resource: attribute to value. Ids are digits, which are sent as numbers. */
export type Row = Readonly<Record<string, string | null>>;

/** A resource of a tenant. */
export interface Resource {
  readonly attributes: readonly string[];
  /** Attributes that `q` and `orderBy` may name. */
  readonly queryable: readonly string[];
  readonly rows: () => readonly Row[];
}

const PHONES = ["RawMobileNumber", "RawWorkPhoneNumber", "RawHomePhoneNumber"];

/** The attributes that are numbers in JSON. */
export const ID_ATTRIBUTES = ["PartyId", "PrimaryContactPartyId", "AccountPartyId", "SrId"];
const FIRST_PARTY = 300_000_000_000_000;
const FIRST_ACCOUNT = 500_000;

export type ResourceName = "contacts" | "serviceRequests" | "accounts";

/** 18 digits, as in Oracle. A JavaScript number cannot hold them exactly. */
function partyId(index: number): string {
  return `${FIRST_PARTY + index}${String(101 + index).slice(-3)}`;
}

/** The simulated resources, from customers. */
export function resourcesOf(
  customers: readonly SandboxCustomer[],
): Readonly<Record<ResourceName, Resource>> {
  return {
    contacts: {
      attributes: [
        ...["PartyId", "PartyNumber", "ContactName", "FirstName", "LastName", "AccountName"],
        ...["PartyStatus", "EmailAddress", "DateOfBirth", "Tier_c", "AccountNumber_c", ...PHONES],
      ],
      queryable: ["PartyId", "PartyNumber", "EmailAddress", "AccountNumber_c", ...PHONES],
      rows: () => customers.map(contactRow),
    },
    serviceRequests: {
      attributes: [
        ...["SrId", "SrNumber", "Title", "ProblemDescription", "StatusCd", "StatusCdMeaning"],
        ...["StatusTypeCd", "PrimaryContactPartyId", "AccountPartyId", "LastUpdateDate"],
        "ClosedDate",
      ],
      queryable: ["SrNumber", "PrimaryContactPartyId", "AccountPartyId", "LastUpdateDate"],
      rows: () => customers.flatMap(requestRowsOf(customers)),
    },
    accounts: {
      attributes: ["PartyId", "PartyNumber", "OrganizationName", "RawPhoneNumber"],
      queryable: ["PartyId", "PartyNumber", "RawPhoneNumber"],
      rows: () => accountNames(customers).map((name) => accountRow(name, customers)),
    },
  };
}

function contactRow(customer: SandboxCustomer, index: number): Row {
  const [mobile = null, work = null, home = null] = customer.phones;
  return {
    PartyId: partyId(index),
    PartyNumber: customer.customerId,
    ContactName: `${customer.firstName} ${customer.lastName}`,
    FirstName: customer.firstName,
    LastName: customer.lastName,
    AccountName: customer.accountName || null,
    PartyStatus: customer.disabled === true ? "I" : "A",
    EmailAddress: customer.emails[0] ?? null,
    DateOfBirth: "1815-12-10",
    Tier_c: customer.tier ?? null,
    AccountNumber_c: customer.accountNumber ?? null,
    RawMobileNumber: mobile,
    RawWorkPhoneNumber: work,
    RawHomePhoneNumber: home,
  };
}

const STATES = {
  open: { StatusCd: "ORA_SVC_NEW", StatusTypeCd: "ORA_SVC_NEW" },
  active: { StatusCd: "ORA_SVC_WAITING", StatusTypeCd: "ORA_SVC_WAITING" },
  closed: { StatusCd: "ORA_SVC_RESOLVED", StatusTypeCd: "ORA_SVC_RESOLVED" },
} as const;

function accountNames(customers: readonly SandboxCustomer[]): readonly string[] {
  return [...new Set(customers.map(({ accountName }) => accountName))].filter(Boolean);
}

function accountId(name: string, customers: readonly SandboxCustomer[]): string {
  return partyId(FIRST_ACCOUNT + accountNames(customers).indexOf(name));
}

function accountRow(name: string, customers: readonly SandboxCustomer[]): Row {
  const phones = customers
    .filter(({ accountName }) => accountName === name)
    .flatMap(({ accountPhones = [] }) => accountPhones);
  return {
    PartyId: accountId(name, customers),
    PartyNumber: `A-${accountNames(customers).indexOf(name)}`,
    OrganizationName: name,
    RawPhoneNumber: phones[0] ?? null,
  };
}

function requestRowsOf(customers: readonly SandboxCustomer[]) {
  return (customer: SandboxCustomer, index: number) =>
    requestRows(customer, index).map((row) => ({
      ...row,
      AccountPartyId: customer.accountName ? accountId(customer.accountName, customers) : null,
    }));
}

function requestRows(customer: SandboxCustomer, index: number): Row[] {
  return customer.cases.map((one, number) => ({
    SrId: `${partyId(index)}`,
    SrNumber: one.caseNumber,
    Title: one.subject,
    ProblemDescription: "must not be fetched",
    ...STATES[one.state ?? "open"],
    StatusCdMeaning: one.status,
    PrimaryContactPartyId: partyId(index),
    LastUpdateDate: one.lastUpdateDate.replace("Z", "+00:00"),
    ClosedDate: one.state === "closed" && number % 2 === 0 ? one.lastUpdateDate : null,
  }));
}

/**
 * [pure] Whether a row satisfies a comparison.
 * @param ignoresCase whether the tenant compares texts without regard to case
 */
export function satisfies(
  row: Row,
  { attribute, upper, values }: Comparison,
  ignoresCase: boolean,
): boolean {
  const value = row[attribute] ?? null;
  if (value === null) return false;
  const compared = upper ? value.toUpperCase() : value;
  return ignoresCase
    ? values.some((wanted) => wanted.toLowerCase() === compared.toLowerCase())
    : values.includes(compared);
}
