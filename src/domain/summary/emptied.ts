import { type Attributes, attributeNames } from "./attributes.ts";
import { type PanelLabels, panelNames } from "./panel-labels.ts";

/** Attributes about a person. The status and its time are kept for reports. */
const personal = attributeNames.filter((name) => name !== "status" && name !== "as_of");

interface EmptiedOptions {
  readonly prefix: string;
  readonly panelLabels: PanelLabels | undefined;
}

/** [pure] Empty values for all attributes about a person that {@link summarise} may write. */
export function emptied({ prefix, panelLabels }: EmptiedOptions): Attributes {
  const names = [...personal.map((name) => prefix + name), ...panelNames(panelLabels ?? {})];
  return Object.fromEntries(names.map((name) => [name, ""]));
}
