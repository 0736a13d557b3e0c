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

/** [pure] The heading of the live table. */
export function heading(): string {
  const names = COLUMNS.map(([name, width]) => name.padEnd(width)).join(" ");
  return `${names}\n${"─".repeat(names.length)}`;
}

/** [pure] One conversation as a row, with the line that its agent reads below it. */
export function row(outcome: SampleOutcome): string {
  const { attributes, status, expected } = outcome;
  const written = Object.keys(attributes).length;
  const cells = [
    outcome.title,
    outcome.channel,
    seconds(outcome.waitedMs),
    outcome.cached === true ? "at hand" : seconds(outcome.oracleMs),
    seconds(outcome.sinceEventMs),
    written === 0 ? "nothing" : `${written} keys`,
    status === expected ? expected : `${status ?? "nothing"}, not ${expected}`,
  ];
  const line = cells.map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0)).join(" ");
  const summary = attributes.oracle_summary;
  return summary === undefined ? line.trimEnd() : `${line.trimEnd()}\n    ${summary}`;
}

/** [pure] The figures of the run in words. */
export function closing({ conversations, asExpected, ...counted }: Summary): string {
  const { genesys, oracle, headStartMs } = counted;
  const byPatches = Object.entries(genesys.conversationsByPatches)
    .map(([patches, count]) => `${count} with ${patches}`)
    .join(", ");
  return [
    "",
    `${asExpected} of ${conversations} conversations ended as they should.`,
    `Genesys:    ${genesys.patches} PATCHes (conversations: ${byPatches}), ${genesys.contactLookups} contact look-ups, ${genesys.tokens} token requests, ${genesys.throttled} times throttled.`,
    `Oracle:     ${oracle.searches} searches, ${oracle.casePages} pages of cases, ${oracle.tokens} token requests; ${oracle.conversationsWithoutRequest} repeat callers cost nothing.`,
    `Dead:       ${counted.deadLetters} message in the dead-letter queue, with its reason.`,
    headStartMs === undefined
      ? "Head start: no agent connected."
      : `Head start: the history was there ${seconds(headStartMs.median)} before the agent (median), ${seconds(headStartMs.least)} at the least.`,
  ].join("\n");
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(1)} s`;
}
