import { z } from "zod";
import { languages } from "../../domain/summary/languages.ts";
import { type PanelLabels, panelValues } from "../../domain/summary/panel-labels.ts";
import { yesOrNo } from "../../domain/variable/rules.ts";
import { optional, preset, type VariableTable } from "../../domain/variable/variable.ts";

/** The participant attributes: what is written for the agent, and which one is read. */
export const writtenVariables = {
  ATTRIBUTE_PREFIX: preset(
    "Prefix of the names of the attributes",
    z
      .string()
      .regex(/^[A-Za-z][\w.-]{0,30}$/, "must be a letter, then up to 30 letters, digits, _ . -"),
    "oracle_",
  ),
  AGENT_PANEL_LABELS: optional(
    "`true`, or pairs such as `summary=Oracle CX,open_cases=Open cases`: the headline values appear in Genesys Cloud's own interaction details",
    z.string().transform(readLabels),
  ),
  INCLUDE_CUSTOMER_NAME: preset("Write the customer's name too", yesOrNo, "false"),
  ORACLE_CASE_URL_TEMPLATE: optional(
    "Link to the case or customer, with `{caseNumber}` or `{customerId}`",
    z
      .string()
      .regex(
        /^https?:\/\/[^{}]*(\{(caseNumber|customerId)\}[^{}]*)+$/,
        "must be an http or https URL with {caseNumber} or {customerId} in it, and no other {}",
      ),
  ),
  LANGUAGE: preset(
    "Language of the summary",
    z.enum(languages, `must be one of ${languages.join(", ")}`),
    "en",
  ),
  REFERENCE_ATTRIBUTE: optional(
    "Participant attribute in which a flow collects an account, customer or case number, as in `customer_reference`. It finds the customer if the number does not (`docs/how-to/references.md`)",
    z
      .string()
      .regex(
        /^[\w .:-]{1,100}$/,
        "must be the name of an attribute: letters, digits, space, _ . : -",
      ),
  ),
} satisfies VariableTable;

const DEFAULT_LABELS: PanelLabels = {
  summary: "Oracle CX",
  open_cases: "Open cases",
  last_case: "Last case",
  case_url: "Oracle link",
};
/** An agent reads a label beside its value. */
const LONGEST_LABEL = 40;

function readLabels(value: string, context: z.RefinementCtx): PanelLabels | undefined {
  if (value === "false" || value === "0") return undefined;
  if (value === "true" || value === "1") return DEFAULT_LABELS;
  const wrong = (message: string): undefined => {
    context.addIssue({ code: "custom", message });
  };
  const labels: { -readonly [Key in keyof PanelLabels]: PanelLabels[Key] } = {};
  for (const pair of value.split(",")) {
    const [key, label = ""] = pair.split("=", 2).map((part) => part.trim());
    const known = panelValues.find((one) => one === key);
    if (known === undefined || label === "" || label.length > LONGEST_LABEL) {
      return wrong(
        `must be true, false, or pairs key=Label with keys out of ${panelValues.join(", ")}, labels of ${LONGEST_LABEL} characters at most`,
      );
    }
    // Two values with one label would be one attribute, and one of them would be lost.
    if (Object.values(labels).includes(label))
      return wrong("must give each value a label of its own");
    labels[known] = label;
  }
  return labels;
}
