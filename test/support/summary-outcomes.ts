import type { Case, MatchedHistory } from "../../src/domain/history/history.ts";
import { safeReference, safeText } from "../../src/domain/history/safe-text.ts";
import type { SummaryOptions } from "../../src/domain/summary/summarise.ts";
import { epochMs } from "../../src/domain/time.ts";

type MatchedFound = Extract<MatchedHistory, { match: "found" }>;

/** 2 January 2026, 10:02 UTC. */
export const AT = epochMs(Date.UTC(2026, 0, 2, 10, 2));

export const options: SummaryOptions = {
  prefix: "oracle_",
  includeCustomerName: false,
  caseUrlTemplate: undefined,
  language: "en",
  panelLabels: undefined,
};

export function oneCase(reference: string, changes: Partial<Case> = {}): Case {
  return {
    reference: safeReference(reference),
    subject: safeText("Printer on fire", 80),
    status: safeText("Waiting", 40),
    updatedAt: AT,
    ...changes,
  };
}

export function found(changes: Partial<MatchedFound> = {}): MatchedFound {
  return {
    match: "found",
    rank: "exact",
    matchedBy: "phone:exact",
    customer: {
      id: safeReference("CUST-1"),
      name: safeText("Ada Example", 80),
      account: safeText("Acme Ltd", 80),
    },
    cases: [oneCase("00042"), oneCase("00041", { updatedAt: epochMs(Date.UTC(2025, 5, 16)) })],
    openCases: { count: 2, exact: true },
    ...changes,
  };
}
