import type { SampleOutcome, Summary } from "./outcome.ts";

const COLUMNS = [
  ["conversation", 40],
  ["channel", 14],
  ["waited", 8],
  ["Oracle", 9],
  ["ready after", 12],
  ["written", 8],
  ["status", 12],
] as const;

/** [pure] The heading of the table. */
export function heading(): string {
  const names = COLUMNS.map(([name, width]) => name.padEnd(width)).join(" ");
  return `${names}\n${"─".repeat(names.length)}`;
}

/** [pure] One conversation as a row. The summary for the agent is a second line. */
export function row(outcome: SampleOutcome): string {
  const { attributes, status, expected } = outcome;
  const written = Object.keys(attributes).length;
  const cells = [
    outcome.title,
    outcome.channel,
    seconds(outcome.waitedMs),
    outcome.cached === true ? "cached" : seconds(outcome.oracleMs),
    seconds(outcome.sinceEventMs),
    written === 0 ? "nothing" : `${written} keys`,
    status === expected ? expected : `${status ?? "none"}, expected ${expected}`,
  ];
  const line = cells.map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0)).join(" ");
  const summary = attributes.oracle_summary;
  return summary === undefined ? line.trimEnd() : `${line.trimEnd()}\n    ${summary}`;
}

/** [pure] The figures of a run as text. */
export function closing({ conversations, asExpected, ...counted }: Summary): string {
  const { genesys, oracle, headStartMs } = counted;
  const byPatches = Object.entries(genesys.conversationsByPatches)
    .map(([patches, count]) => `${count} with ${patches}`)
    .join(", ");
  return [
    "",
    `${asExpected} of ${conversations} conversations passed.`,
    `Genesys requests: PATCH ${genesys.patches} (conversations by PATCH requests: ${byPatches}), contact ${genesys.contactLookups}, token ${genesys.tokens}. Refused with 429: ${genesys.throttled}.`,
    `Oracle requests:  search ${oracle.searches}, cases ${oracle.casePages}, token ${oracle.tokens}. Conversations without a request: ${oracle.conversationsWithoutRequest}.`,
    `Dead letters:     ${counted.deadLetters}.`,
    headStartMs === undefined
      ? "Head start:       no agent connected."
      : `Head start:       the history was written ${seconds(headStartMs.median)} before the agent connected (median; minimum ${seconds(headStartMs.least)}).`,
  ].join("\n");
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(1)} s`;
}
