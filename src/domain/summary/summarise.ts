import type { Case, MatchedHistory } from "../history/history.ts";
import { shorten } from "../history/safe-text.ts";
import type { EpochMs } from "../time.ts";
import type { AttributeName, Attributes } from "./attributes.ts";
import { caseUrl } from "./case-url.ts";
import { emptied } from "./emptied.ts";
import { type Language, phrases } from "./languages.ts";
import {
  MAX_HISTORY_CASES,
  MAX_HISTORY_LENGTH,
  MAX_PART_LENGTH,
  MAX_TOTAL_BYTES,
  MAX_VALUE_LENGTH,
} from "./limits.ts";
import { type PanelLabels, panelAttributes } from "./panel-labels.ts";
import { caseLine, foundLine, openCount, organisationLine } from "./sentences.ts";

export interface SummaryOptions {
  /** The prefix of all attribute names, such as `oracle_`. */
  readonly prefix: string;
  readonly includeCustomerName: boolean;
  /** With `{caseNumber}` and `{customerId}`: see {@link caseUrl}. */
  readonly caseUrlTemplate: string | undefined;
  readonly language: Language;
  readonly panelLabels: PanelLabels | undefined;
}

/** What a summary is made of: the history, or why there is none. */
export type Outcome =
  | MatchedHistory
  /** No lookup was possible: the address is withheld, internal or unusable. */
  | { readonly match: "anonymous" }
  /** Oracle did not return a history in time. */
  | { readonly match: "unavailable" };

/** The value of the status attribute. */
export type HistoryStatus = Outcome["match"];

type Values = Readonly<Partial<Record<AttributeName, string>>>;

/**
 * [pure] The attributes to write. `at` is the time of the outcome.
 *
 * Genesys keeps attributes that a write does not name, so every write names all of ours, empty if
 * nothing is known: no value of one customer stays beside those of another.
 */
export function summarise(outcome: Outcome, options: SummaryOptions, at: EpochMs): Attributes {
  const asOf = { status: outcome.match, as_of: new Date(at).toISOString() };
  if (outcome.match !== "found") {
    return named({ ...asOf, ...unfoundValues(outcome, options.language, at) }, options);
  }
  const values = { ...asOf, ...foundValues(outcome, options, at) };
  for (let kept = Math.min(outcome.cases.length, MAX_HISTORY_CASES); ; kept--) {
    const history = historyJson(outcome.cases.slice(0, kept));
    const attributes = named({ ...values, history }, options);
    if (kept === 0 || (history.length <= MAX_HISTORY_LENGTH && fits(attributes))) return attributes;
  }
}

/** Several customers of one organisation: its name and counts, and nothing of a person. */
function unfoundValues(
  outcome: Exclude<Outcome, { match: "found" }>,
  language: Language,
  at: EpochMs,
): Values {
  const organisation = outcome.match === "ambiguous" ? outcome.organisation : undefined;
  if (organisation === undefined) return { summary: phrases(language)[outcome.match] };
  const { name, openCases } = organisation;
  return {
    account: shorten(name, MAX_PART_LENGTH.account),
    ...(openCases && { open_cases: openCount(openCases) }),
    summary: shorten(organisationLine(organisation, language, at), MAX_VALUE_LENGTH),
  };
}

function foundValues(
  history: Extract<Outcome, { match: "found" }>,
  options: SummaryOptions,
  at: EpochMs,
): Values {
  const { customer, cases } = history;
  const last = cases[0];
  const name = options.includeCustomerName ? customer.name : undefined;
  const url =
    options.caseUrlTemplate &&
    caseUrl(options.caseUrlTemplate, { customerId: customer.id, caseNumber: last?.reference });
  return {
    matched_by: history.matchedBy,
    customer_id: shorten(customer.id, MAX_VALUE_LENGTH),
    open_cases: openCount(history.openCases),
    summary: shorten(foundLine(history, name, options.language, at), MAX_VALUE_LENGTH),
    ...(customer.account && { account: shorten(customer.account, MAX_PART_LENGTH.account) }),
    ...(name && { customer_name: shorten(name, MAX_PART_LENGTH.name) }),
    ...(last && { last_case: shorten(caseLine(last, options.language, at), MAX_VALUE_LENGTH) }),
    ...(url && { case_url: url }),
  };
}

/** Newest first. `updated` is ISO 8601 in UTC, and absent if Oracle returned no time. */
function historyJson(cases: readonly Case[]): string {
  return JSON.stringify(
    cases.map(({ reference, subject, status, updatedAt }) => ({
      ref: shorten(reference, MAX_PART_LENGTH.reference),
      subject: shorten(subject, MAX_PART_LENGTH.subject),
      status: shorten(status, MAX_PART_LENGTH.status),
      ...(updatedAt !== undefined && {
        updated: new Date(updatedAt).toISOString().replace(/\.\d+Z$/, "Z"),
      }),
    })),
  );
}

function named(
  values: Values & { readonly status: string },
  { prefix, panelLabels }: SummaryOptions,
): Attributes {
  const own = Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]);
  return {
    [`${prefix}status`]: values.status,
    ...emptied({ prefix, panelLabels }),
    ...Object.fromEntries(own),
    ...panelAttributes(values, panelLabels ?? {}),
  };
}

function fits(attributes: Attributes): boolean {
  return Buffer.byteLength(JSON.stringify(attributes)) < MAX_TOTAL_BYTES;
}
