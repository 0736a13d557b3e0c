import type { SummaryOptions } from "../domain/summary/summarise.ts";
import type { WrittenConfig } from "./load.ts";

/** How a result is put into words. */
export function summaryOptions(config: WrittenConfig): SummaryOptions {
  return {
    prefix: config.ATTRIBUTE_PREFIX,
    language: config.LANGUAGE,
    includeCustomerName: config.INCLUDE_CUSTOMER_NAME,
    caseUrlTemplate: config.ORACLE_CASE_URL_TEMPLATE,
    panelLabels: config.AGENT_PANEL_LABELS,
  };
}
