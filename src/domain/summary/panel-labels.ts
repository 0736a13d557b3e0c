/** The values that can be shown in the agent's interaction details. */
export const panelValues = ["summary", "open_cases", "last_case", "case_url", "as_of"] as const;
export type PanelValue = (typeof panelValues)[number];

/** The label that an agent reads for each value; a value without a label is not shown. */
export type PanelLabels = Readonly<Partial<Record<PanelValue, string>>>;

const PANEL_KEY = "conversationDetails.participantData.";

/**
 * Attributes that Genesys Cloud shows in the interaction details with no widget: their names begin
 * with `conversationDetails.participantData.`, and a prefix of the value gives its type (Genesys Cloud
 * Resource Center, "Attach custom conversation attributes to participant data in Architect").
 */
export function panelAttributes(
  values: Readonly<Partial<Record<PanelValue, string>>>,
  labels: PanelLabels,
): Record<string, string> {
  const entries = panelValues.flatMap((name) => {
    const value = values[name];
    const label = labels[name];
    return value && label ? [[PANEL_KEY + label, typed(name, value)]] : [];
  });
  return Object.fromEntries(entries);
}

/** The names under which labels are written. */
export function panelNames(labels: PanelLabels): readonly string[] {
  return panelValues.flatMap((name) => (labels[name] ? [PANEL_KEY + labels[name]] : []));
}

function typed(name: PanelValue, value: string): string {
  // Shown in the agent's own time zone.
  if (name === "as_of") return `datetime:${value}`;
  // `20+` is no integer, and is shown as text.
  return name === "open_cases" && /^\d+$/.test(value) ? `integer:${value}` : value;
}
