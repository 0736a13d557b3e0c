import { duration } from "../../observability/facts/duration.ts";
import { type ApiUse, apis } from "./budgets.ts";
import type { ConversationCounts } from "./conversations.ts";
import { foundShare, type MatchRow } from "./matches.ts";
import type { Outage } from "./outages.ts";
import type { LogReport } from "./report.ts";
import type { ShadowCounts } from "./shadow.ts";
import type { Waits } from "./waits.ts";

/** [pure] A report as people read it. Times are UTC. */
export function reportText(report: LogReport): string {
  const { from, to } = report;
  if (from === undefined || to === undefined) return "This log has no line of a worker.";
  return [
    `${clock(from)} to ${clock(to)} (UTC)`,
    section("Conversations", conversationLines(report)),
    section("Who was found", [...matchTable(report.matches), ...report.advice]),
    section(
      "Budgets",
      apis.map((api) => useLine(api, report.apis[api])),
    ),
    section("Backlog", waitLines(report.waits)),
    section("Outages", [...report.outages.map(outageLine), ...troubleLines(report)]),
    section("What shadow mode would have written", shadowLines(report.shadow)),
    section("For 1,000 conversations", costLines(report)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function conversationLines(report: LogReport): string[] {
  const { conversations, deadLetters, expired, emptied, signIns } = report;
  const { started, written, nothingWritten } = conversations;
  return [
    `${started} started`,
    ...answeredLines(conversations),
    `written: ${counts({ ...written, nothing: nothingWritten })}`,
    ...named("dead letters", deadLetters),
    ...named("dropped", expired),
    ...named("emptied afterwards", { done: emptied.done, failed: emptied.failed }),
    ...(signIns === 0 ? [] : [`${signIns} agents signed in`]),
  ];
}

function answeredLines({ answered, medianHeadStartMs }: ConversationCounts): string[] {
  const { total, ready, late, unavailable, nothing } = answered;
  if (total === 0) return ["no agent has answered any of them in this log"];
  const median =
    medianHeadStartMs === undefined ? "" : `; median head start ${duration(medianHeadStartMs)}`;
  const parts = [
    `${percent(ready, total)} ready before the agent`,
    `${percent(late, total)} late`,
    `${percent(unavailable, total)} unavailable`,
    `${percent(nothing, total)} nothing`,
  ];
  return [`${total} answered by an agent: ${parts.join(", ")}${median}`];
}

function named(title: string, amounts: Readonly<Record<string, number>>): string[] {
  const isAny = Object.values(amounts).some((amount) => amount > 0);
  return isAny ? [`${title}: ${counts(amounts)}`] : [];
}

function counts(amounts: Readonly<Record<string, number>>): string {
  const told = Object.entries(amounts).filter(([, amount]) => amount > 0);
  return told.length === 0 ? "none" : told.map(([name, amount]) => `${amount} ${name}`).join(", ");
}

function matchTable(rows: readonly MatchRow[]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => {
    const share = foundShare(row);
    return [
      row.identifier,
      String(row.found),
      String(row.notFound),
      String(row.ambiguous),
      String(row.unusable),
      share === undefined ? "" : `${Math.round(share * 100)} %`,
    ];
  });
  const heading = ["identifier", "found", "none", "ambiguous", "not asked", "found of asked"];
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  return [heading, ...cells].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function useLine(api: string, use: ApiUse): string {
  const { calls, limit, peakPerMinute, fullMinutes, throttled, failed, meanWaitMs } = use;
  const peak =
    limit === undefined
      ? `${peakPerMinute} in the busiest minute (no budget set)`
      : `${peakPerMinute} of ${limit} in the busiest minute, ${fullMinutes} minutes at 90 % or more`;
  const waits = `${duration(meanWaitMs)} wait on average`;
  return `${api.padEnd(8)} ${calls} calls, ${peak}, ${waits}, ${throttled} throttled, ${failed} failed`;
}

/** Nothing where nobody had to wait. */
function waitLines(waits: Waits): string[] {
  const { joined, longestLine, medianMs, longestMs, redelivered } = waits;
  const { yielded, madeRoom, givenBack } = waits;
  const line =
    joined === 0 || medianMs === undefined
      ? []
      : [
          `${joined} had to wait, at most ${longestLine} in one line: ` +
            `${duration(medianMs)} in the median of all, ${duration(longestMs)} at the longest`,
        ];
  const moves = {
    "let others go first": yielded,
    "made room in a full backlog": madeRoom,
    "given back by a worker that stopped": givenBack,
    "delivered again": redelivered,
  };
  return [...line, ...(Object.values(moves).some((many) => many > 0) ? [counts(moves)] : [])];
}

function troubleLines({ genesysTrouble: { reports, rateLimits } }: LogReport): string[] {
  if (reports === 0) return [];
  return [
    `Genesys Cloud reported trouble of its own ${reports} times, ${rateLimits} of them about rate limits`,
  ];
}

function outageLine(outage: Outage): string {
  const { begin, end, conversations, atLeast, fault, reason, code } = outage;
  const span =
    end === undefined
      ? "still going on at the end of the log"
      : `to ${clock(end)}, ${duration(Date.parse(end) - Date.parse(begin))}`;
  const hurt = `${atLeast ? "at least " : ""}${conversations} conversations`;
  return `${clock(begin)} ${span}: ${fault}; ${hurt}; ${code}: ${reason}`;
}

function shadowLines(shadow: ShadowCounts | undefined): string[] {
  if (shadow === undefined) return [];
  const { summaries, byStatus, attributes } = shadow;
  return [
    `${summaries} summaries: ${counts(byStatus)}`,
    ...Object.entries(attributes).map(
      ([name, { times, meanCharacters }]) =>
        `${name}: ${times} times, ${meanCharacters} characters on average`,
    ),
  ];
}

function costLines({ perThousand }: LogReport): string[] {
  if (perThousand === undefined) return [];
  const { genesysCalls, oracleCalls, events, awsUsd } = perThousand;
  return [
    `${genesysCalls} calls of Genesys, ${oracleCalls} of Oracle, ${events} events`,
    `about ${awsUsd} USD of AWS (events, SQS and log at list price; the worker itself not counted)`,
  ];
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}

function clock(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}
