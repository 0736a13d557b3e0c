import type { AttributeName, Attributes } from "./attributes.ts";
import { type PanelLabels, panelNames } from "./panel-labels.ts";

/** Attributes about a person. The status and its time are kept for reports. */
const personal: readonly AttributeName[] = [
  "customer_id",
  "account",
  "customer_name",
  "open_cases",
  "last_case",
  "history",
  "summary",
  "case_url",
  "matched_by",
];

interface EmptiedOptions {
  readonly prefix: string;
  readonly panelLabels: PanelLabels | undefined;
}

/** [pure] Empty values for all attributes about a person that {@link summarise} may write. */
export function emptied({ prefix, panelLabels }: EmptiedOptions): Attributes {
  const names = [...personal.map((name) => prefix + name), ...panelNames(panelLabels ?? {})];
  return Object.fromEntries(names.map((name) => [name, ""]));
}
