import { topics } from "../../src/domain/event/rules.ts";
import { after, epochMs } from "../../src/domain/time.ts";
import type { FactName, Facts } from "../../src/observability/facts/facts.ts";
import type { LogLine } from "../../src/observability/facts/line.ts";
import { run } from "./program.ts";

/** A line of a log, as it would be read: `at` in ms after the log's beginning. */
export function line<F extends FactName>(fact: F, fields: Facts[F], at = 0): LogLine {
  const time = new Date(after(LOG_BEGINS, at)).toISOString();
  // The pair of a fact's name and its fields is a line; the compiler keeps no such relation.
  return { fact, time, ...fields } as unknown as LogLine;
}

export const LOG_BEGINS = epochMs(Date.parse("2026-03-12T10:00:00.000Z"));

/** Whose story the tests tell. */
export const about = {
  conversationId: "c-1",
  eventId: "e-1",
  topic: topics.customerStart,
} as const;

export const received = (more: Partial<Facts["event.received"]> = {}, at = 500) =>
  line(
    "event.received",
    {
      ...about,
      messageId: "m-1",
      happenedAt: LOG_BEGINS,
      busAt: LOG_BEGINS,
      queuedAt: after(LOG_BEGINS, 100),
      receiveCount: 1,
      mediaType: "VOICE",
      ...more,
    },
    at,
  );

export const enriched = {
  ...about,
  participantId: "p-1",
  status: "found",
  mediaType: "VOICE",
  identifiedBy: "phone",
  attempt: 1,
  at: after(LOG_BEGINS, 2_100),
  sinceEventMs: 2_100,
  waitedMs: 20,
  oracleMs: 1_400,
  genesysMs: 100,
  cached: false,
} as const satisfies Facts["enrichment.written"];

export const timeout = {
  code: "timeout",
  kind: "retryable",
  source: "oracle",
  reason: "POST https://crm.example/search had not answered in full after 8000 ms",
  cure: "Look at the other side's response times.",
} as const;

/** Runs `ringahead` with a text on its standard input. */
export const ringahead = (args: readonly string[], input: string) => run(args, {}, { input });

/** A log as a file holds it. */
export const asText = (lines: readonly LogLine[]) =>
  lines.map((one) => `${JSON.stringify({ level: "info", ...one })}\n`).join("");
