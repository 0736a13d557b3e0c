import { duration } from "../../observability/facts/duration.ts";
import { type ApiUse, apis } from "./budgets.ts";
import type { ConversationCounts } from "./conversations.ts";
import { foundByLines, groupLines } from "./customer-text.ts";
import type { MatchRow } from "./matches.ts";
import type { Outage } from "./outages.ts";
import type { LogReport } from "./report.ts";
import type { ShadowCounts } from "./shadow.ts";
import { shareText, tableLines } from "./table.ts";
import type { Waits } from "./waits.ts";

/** [pure] A report as text. Times are UTC. */
export function reportText(report: LogReport): string {
  const { from, to } = report;
  if (from === undefined || to === undefined) return "This log has no line from a worker.";
  return [
    `${clock(from)} to ${clock(to)} (UTC)`,
    section("Conversations", conversationLines(report)),
    section("Lookups", matchTable(report.matches)),
    section("Matches by country and kind", groupLines(report.customers)),
    section("How they were found", foundByLines(report.customers)),
    section("Advice", report.advice),
    section(
      "Budgets",
      apis.map((api) => useLine(api, report.apis[api])),
    ),
    section("Backlog", waitLines(report.waits)),
    section("Outages", [...report.outages.map(outageLine), ...problemLines(report)]),
    section("Shadow mode: what would have been written", shadowLines(report.shadow)),
    section("Per 1,000 conversations", costLines(report)),
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
    ...named("emptied after the end", { done: emptied.done, failed: emptied.failed }),
    ...(signIns === 0 ? [] : [`agent sign-ins: ${signIns}`]),
  ];
}

function answeredLines({ answered, medianHeadStartMs }: ConversationCounts): string[] {
  const { total, ready, late, unavailable, nothing } = answered;
  if (total === 0) return ["no agent answered in this log"];
  const median =
    medianHeadStartMs === undefined ? "" : `; median head start ${duration(medianHeadStartMs)}`;
  const parts = [
    `${shareText(ready, total)} ready before the agent`,
    `${shareText(late, total)} late`,
    `${shareText(unavailable, total)} unavailable`,
    `${shareText(nothing, total)} nothing`,
  ];
  return [`${total} answered by an agent: ${parts.join(", ")}${median}`];
}

function named(title: string, amounts: Readonly<Record<string, number>>): string[] {
  const isAny = Object.values(amounts).some((amount) => amount > 0);
  return isAny ? [`${title}: ${counts(amounts)}`] : [];
}

function counts(amounts: Readonly<Record<string, number>>): string {
  const shown = Object.entries(amounts).filter(([, amount]) => amount > 0);
  return shown.length === 0
    ? "none"
    : shown.map(([name, amount]) => `${amount} ${name}`).join(", ");
}

function matchTable(rows: readonly MatchRow[]): string[] {
  if (rows.length === 0) return [];
  const heading = ["identifier", "found", "not found", "ambiguous", "no lookup", "found share"];
  const cells = rows.map((row) => {
    const { identifier, found, notFound, ambiguous, unusable } = row;
    return [
      identifier,
      ...[found, notFound, ambiguous, unusable].map(String),
      shareText(found, found + notFound + ambiguous),
    ];
  });
  return tableLines(heading, cells);
}

function useLine(api: string, use: ApiUse): string {
  const { calls, limit, peakPerMinute, fullMinutes, throttled, failed, meanWaitMs } = use;
  const peak =
    limit === undefined
      ? `${peakPerMinute} in the busiest minute (no limit)`
      : `${peakPerMinute} of ${limit} in the busiest minute, ${fullMinutes} minutes at 90 % or more`;
  const waits = `average wait ${duration(meanWaitMs)}`;
  return `${api.padEnd(8)} ${calls} calls, ${peak}, ${waits}, ${throttled} throttled, ${failed} failed`;
}

/** Empty if nothing waited, was deferred or came again. */
function waitLines(waits: Waits): string[] {
  const { joined, longestLine, medianMs, longestMs, redelivered } = waits;
  const { yielded, madeRoom, givenBack } = waits;
  const line =
    joined === 0 || medianMs === undefined
      ? []
      : [
          `${joined} queued, at most ${longestLine} at a time; ` +
            `wait of all: median ${duration(medianMs)}, longest ${duration(longestMs)}`,
        ];
  const moves = {
    deferred: yielded,
    "requeued because the backlog was full": madeRoom,
    "requeued by a stopping worker": givenBack,
    redelivered,
  };
  return [...line, ...(Object.values(moves).some((amount) => amount > 0) ? [counts(moves)] : [])];
}

function problemLines({ genesysTrouble: { reports, rateLimits } }: LogReport): string[] {
  if (reports === 0) return [];
  return [`Genesys Cloud reported ${reports} problems, ${rateLimits} of them about rate limits`];
}

function outageLine(outage: Outage): string {
  const { begin, end, conversations, atLeast, fault, reason, code } = outage;
  const span =
    end === undefined
      ? "not over at the end of the log"
      : `to ${clock(end)}, ${duration(Date.parse(end) - Date.parse(begin))}`;
  const affected = `${atLeast ? "at least " : ""}${conversations} conversations`;
  return `${clock(begin)} ${span}: ${fault}; ${affected}; ${code}: ${reason}`;
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
    `${genesysCalls} calls to Genesys, ${oracleCalls} to Oracle, ${events} events`,
    `about ${awsUsd} USD for AWS (events, SQS and log at list price, without the worker itself)`,
  ];
}

function clock(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}
