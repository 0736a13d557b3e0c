import { topics } from "../../src/domain/event/rules.ts";
import { after, epochMs } from "../../src/domain/time.ts";
import type { FactName, Facts } from "../../src/observability/facts/facts.ts";
import type { LogLine } from "../../src/observability/facts/line.ts";
import { run } from "./program.ts";

/** A line of a log as `readLine` returns it. `at`: ms after the start of the log. */
export function line<F extends FactName>(fact: F, fields: Facts[F], at = 0): LogLine {
  const time = new Date(after(LOG_START, at)).toISOString();
  // The compiler does not relate the name of a fact to its fields.
  return { fact, time, ...fields } as unknown as LogLine;
}

export const LOG_START = epochMs(Date.parse("2026-03-12T10:00:00.000Z"));

/** The event of the tests. */
export const about = {
  conversationId: "c-1",
  eventId: "e-1",
  topic: topics.customerStart,
} as const;

export const received = (changes: Partial<Facts["event.received"]> = {}, at = 500) =>
  line(
    "event.received",
    {
      ...about,
      messageId: "m-1",
      happenedAt: LOG_START,
      busAt: LOG_START,
      queuedAt: after(LOG_START, 100),
      receiveCount: 1,
      mediaType: "VOICE",
      ...changes,
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
  at: after(LOG_START, 2_100),
  sinceEventMs: 2_100,
  waitedMs: 20,
  oracleMs: 1_400,
  genesysMs: 100,
  cached: false,
} as const satisfies Facts["enrichment.written"];

/**
 * A conversation from its start to its agent.
 * @param status undefined if nothing was written
 * @param headStartMs undefined if no agent connected
 */
export function answeredConversation(
  id: string,
  status: Facts["enrichment.written"]["status"] | undefined,
  headStartMs: number | undefined,
  at = 0,
): LogLine[] {
  const start = { ...about, conversationId: id, eventId: `start of ${id}` };
  const agent = { ...start, topic: topics.userStart, eventId: `agent of ${id}` };
  const written =
    status === undefined ? [] : [line("enrichment.written", { ...enriched, ...start, status }, at)];
  const answered =
    headStartMs === undefined
      ? []
      : [received(agent, at), line("headstart.measured", { ...agent, headStartMs }, at)];
  return [received(start, at), ...written, ...answered];
}

export const timeout = {
  code: "timeout",
  kind: "retryable",
  source: "oracle",
  reason: "POST https://crm.example/search sent no complete answer within 8000 ms",
  cure: "Check the API's response times.",
} as const;

/** Runs `ringahead` with `input` as its standard input. */
export const ringahead = (args: readonly string[], input: string) => run(args, {}, { input });

/** The lines as the text of a log file. */
export const asText = (lines: readonly LogLine[]) =>
  lines.map((one) => `${JSON.stringify({ level: "info", ...one })}\n`).join("");
