import type { QueueConfig } from "../config/load.ts";
import { Failure } from "../domain/failure.ts";
import { failureCodeOf, receivesText } from "../operations/dead-letters/groups.ts";
import { escapeControls, maskedBody, plainBody } from "../operations/dead-letters/mask.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import { HELD_AT_MOST, scan } from "../operations/dead-letters/scan.ts";
import { age, countsText, groupTable } from "../operations/dead-letters/table.ts";
import { judge, type Verdict } from "../operations/dead-letters/verdict.ts";
import {
  type CommonOptions,
  scanDeadLetters,
  type Terminal,
  withDlqSession,
} from "./dlq-session.ts";

/** `ringahead dlq list`: what is in the dead-letter queue, and what can be done about it. */
export async function listDeadLetters(
  config: QueueConfig,
  options: CommonOptions,
  terminal: Terminal,
): Promise<void> {
  const { print, now } = terminal;
  await withDlqSession(config, options, terminal, async (atHand) => {
    const counts = await atHand.queue.counts();
    const { seen, complete, meant } = await scanDeadLetters(atHand, options, now);
    const groups = meant.all;
    if (options.json) {
      print(JSON.stringify({ seen, matching: meant.count, complete, approximate: counts, groups }));
      return;
    }
    print(countsText(seen, counts, complete));
    if (groups.length > 0) print(`\n${groupTable(groups, now())}`);
    else if (seen > 0) print("No letter matches the filter.");
  });
}

export interface ShowOptions extends CommonOptions {
  /** A message id or its beginning, an event id, or a conversation id. */
  readonly id: string;
  readonly unmasked: boolean;
}

/**
 * `ringahead dlq show`: one letter, why it is here, and what mends it.
 * @throws {Failure} where no letter has this id.
 */
export async function showDeadLetter(
  config: QueueConfig,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const { id, unmasked, maxReplays } = options;
  const { now } = terminal;
  await withDlqSession(config, options, terminal, async ({ queue, holding, signal }) => {
    let found: DeadLetter | undefined;
    const { seen } = await scan({
      queue,
      holding,
      signal,
      atMost: HELD_AT_MOST,
      visit(letter) {
        if (hasId(letter, id)) found ??= letter;
        return found === undefined;
      },
    });
    if (found === undefined) throw notFound(id, seen);
    const verdict = judge(found, now(), maxReplays);
    terminal.print(
      options.json ? asJson(found, verdict, unmasked) : inWords(found, verdict, unmasked, now()),
    );
  });
}

const SHORTEST_PREFIX = 8;

function hasId({ messageId, eventId, conversationId }: DeadLetter, id: string): boolean {
  const begins = id.length >= SHORTEST_PREFIX && messageId.startsWith(id);
  return begins || id === messageId || id === eventId || id === conversationId;
}

function notFound(id: string, seen: number): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "queue",
    message: `none of the ${seen} letters seen has the id ${JSON.stringify(id)}`,
    cure: "Give a message id (or its first 8 characters), an event id or a conversation id.",
  });
}

function inWords(letter: DeadLetter, verdict: Verdict, unmasked: boolean, now: number): string {
  const { origin } = letter;
  const lines = [
    `Letter        ${letter.messageId}`,
    `Conversation  ${letter.conversationId ?? "none named"}`,
    `Topic         ${letter.topic ?? "none"}`,
    `Happened      ${new Date(letter.happenedAt).toISOString()} (${age(now - letter.happenedAt)} ago)`,
    `Failure       ${failureCodeOf(letter)}${origin.by === "sqs" ? `, ${receivesText(origin.receives)}` : ""}`,
    ...reasonLines(letter),
    ...(letter.notEvent === undefined ? [] : [`Body          ${letter.notEvent}`]),
    `Replayed      ${letter.replayed} times${replaysText(letter)}`,
    `Verdict       ${verdict.is}${verdict.because === "" ? "" : `: ${verdict.because}`}`,
  ];
  const body = unmasked ? plainBody(letter.body) : maskedBody(letter.body);
  return `${lines.map(escapeControls).join("\n")}\n\n${body}`;
}

function reasonLines({ origin }: DeadLetter): string[] {
  if (origin.by === "worker") {
    const { reason, cure, attempts, firstAt, lastAt, correlationId } = origin.reason;
    return [
      `Reason        ${reason ?? "did not fit beside the body"}`,
      `What to do    ${cure ?? "see docs/how-to/dead-letters.md"}`,
      `Attempts      ${attempts}, the first at ${firstAt}, the last at ${lastAt}`,
      ...(correlationId === undefined ? [] : [`Correlation   ${correlationId}`]),
    ];
  }
  if (origin.by === "eventbridge") {
    const { errorMessage, ruleArn, targetArn, retryAttempts, exhausted } = origin.delivery;
    return [
      `Reason        ${errorMessage ?? "none given"}`,
      `Rule          ${ruleArn ?? "not named"}`,
      `Target        ${targetArn ?? "not named"}`,
      `Attempts      ${retryAttempts ?? "unknown"}${exhausted === undefined ? "" : ` (${exhausted})`}`,
    ];
  }
  return [];
}

function replaysText({ history }: DeadLetter): string {
  const told = history?.replays.map(({ at, run, code }) => `${at} by run ${run} after ${code}`);
  return told === undefined || told.length === 0 ? "" : `: ${told.join("; ")}`;
}

function asJson(letter: DeadLetter, verdict: Verdict, unmasked: boolean): string {
  const { body, receiptHandle: _, happenedAt, ...about } = letter;
  const event = unmasked ? body : maskedBody(body);
  const happened = new Date(happenedAt).toISOString();
  return escapeControls(JSON.stringify({ ...about, happenedAt: happened, verdict, event }));
}
