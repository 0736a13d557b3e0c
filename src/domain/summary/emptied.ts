import { panelNames } from "./panel-labels.ts";
import type { AttributeName, Attributes, SummaryOptions } from "./summarise.ts";

/** Everything that tells of a person. That there was an answer, and when, stays for reports. */
const personal: readonly AttributeName[] = [
  "customer_id",
  "account",
  "customer_name",
  "open_cases",
  "last_case",
  "history",
  "summary",
  "case_url",
];

/** [pure] The write that empties what {@link summarise} may have written about a person. */
export function emptied({
  prefix,
  panelLabels,
}: Pick<SummaryOptions, "prefix" | "panelLabels">): Attributes {
  const names = [...personal.map((name) => prefix + name), ...panelNames(panelLabels ?? {})];
  return Object.fromEntries(names.map((name) => [name, ""]));
}
