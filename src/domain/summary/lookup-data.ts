import { z } from "zod";
import type { MatchedHistory } from "../history/history.ts";
import { shorten } from "../history/safe-text.ts";
import type { EpochMs } from "../time.ts";
import { caseUrl } from "./case-url.ts";
import { MAX_PART_LENGTH, MAX_VALUE_LENGTH } from "./limits.ts";
import { foundLine, openCount } from "./sentences.ts";
import type { SummaryOptions } from "./summarise.ts";

type FoundCustomer = Extract<MatchedHistory, { match: "found" }>;

/** Options of {@link dataOf}. */
export interface DataOptions extends SummaryOptions {
  /** The names of `ORACLE_CUSTOMER_FIELDS`. */
  readonly fields: readonly string[];
}

const text = (meaning: string) => z.string().describe(meaning);

/** A found customer as flows read it: flat, and only text, so that Architect can map it. */
export const lookupData = z.object({
  customerId: text("As Oracle has it"),
  firstName: text("Only with INCLUDE_CUSTOMER_NAME"),
  lastName: text("Only with INCLUDE_CUSTOMER_NAME"),
  account: text("The customer's organisation"),
  lastInteractionDate: text("Day of the latest case's update, as in 2026-01-31"),
  openCases: text("How many; 20+ where there are more than were counted"),
  lastCaseNumber: text("The latest open case"),
  lastCaseSubject: text("Its subject, masked and shortened"),
  lastCaseStatus: text("Its status, in Oracle's own words"),
  caseUrl: text("From ORACLE_CASE_URL_TEMPLATE"),
  matchedBy: text(
    "phone:exact, email:exact, reference, contact or phone:national: the surest first",
  ),
  summary: text("One line to read at a glance"),
  asOf: text("When Oracle gave it, ISO 8601, UTC"),
});

export type LookupData = Readonly<z.infer<typeof lookupData>> & Readonly<Record<string, string>>;

/** [pure] All fields with empty text, for a customer who was not found. */
export function noData(fields: readonly string[]): LookupData {
  return { ...emptyData, ...Object.fromEntries(fields.map((name) => [name, ""])) };
}

const emptyData: Readonly<z.infer<typeof lookupData>> = {
  customerId: "",
  firstName: "",
  lastName: "",
  account: "",
  lastInteractionDate: "",
  openCases: "",
  lastCaseNumber: "",
  lastCaseSubject: "",
  lastCaseStatus: "",
  caseUrl: "",
  matchedBy: "",
  summary: "",
  asOf: "",
};

/** [pure] A found customer as flows read it. Unknown values are empty text, never absent. */
export function dataOf(history: FoundCustomer, options: DataOptions, asOf: EpochMs): LookupData {
  const { customer, cases } = history;
  const withName = options.includeCustomerName;
  const name = withName ? customer.name : undefined;
  const last = cases[0];
  const numbers = { customerId: customer.id, caseNumber: last?.reference };
  const url = options.caseUrlTemplate && caseUrl(options.caseUrlTemplate, numbers);
  const short = (value: string | undefined, part: keyof typeof MAX_PART_LENGTH) =>
    shorten(value ?? "", MAX_PART_LENGTH[part]);
  return {
    customerId: shorten(customer.id, MAX_VALUE_LENGTH),
    firstName: withName ? short(customer.firstName, "name") : "",
    lastName: withName ? short(customer.lastName ?? customer.name, "name") : "",
    account: short(customer.account, "account"),
    lastInteractionDate: dayOf(last?.updatedAt),
    openCases: openCount(history.openCases),
    lastCaseNumber: short(last?.reference, "reference"),
    lastCaseSubject: short(last?.subject, "subject"),
    lastCaseStatus: short(last?.status, "status"),
    caseUrl: url ?? "",
    matchedBy: history.matchedBy,
    summary: shorten(foundLine(history, name, options.language, asOf), MAX_VALUE_LENGTH),
    asOf: new Date(asOf).toISOString(),
    ...Object.fromEntries(options.fields.map((name) => [name, customer.fields?.[name] ?? ""])),
  };
}

function dayOf(time: EpochMs | undefined): string {
  return time === undefined ? "" : new Date(time).toISOString().slice(0, 10);
}
