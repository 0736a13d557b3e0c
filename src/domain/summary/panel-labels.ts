/** The values that the interaction details can show to an agent. */
export const panelValues = ["summary", "open_cases", "last_case", "case_url", "as_of"] as const;
export type PanelValue = (typeof panelValues)[number];

/** The label of each value. A value without a label is not shown. */
export type PanelLabels = Readonly<Partial<Record<PanelValue, string>>>;

const PANEL_KEY = "conversationDetails.participantData.";

/**
 * [pure] Attributes that Genesys Cloud shows in the interaction details without a widget: their names
 * begin with `conversationDetails.participantData.`, and a prefix of the value sets its type (Genesys
 * Cloud Resource Center, "Attach custom conversation attributes to participant data in Architect").
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

/** [pure] The attribute names of these labels. */
export function panelNames(labels: PanelLabels): readonly string[] {
  return panelValues.flatMap((name) => (labels[name] ? [PANEL_KEY + labels[name]] : []));
}

function typed(name: PanelValue, value: string): string {
  // Genesys shows it in the agent's time zone.
  if (name === "as_of") return `datetime:${value}`;
  // `20+` is not an integer: shown as text.
  return name === "open_cases" && /^\d+$/.test(value) ? `integer:${value}` : value;
}
