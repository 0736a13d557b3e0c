import type { QueueConfig } from "../config/load.ts";
import { Failure } from "../domain/failure.ts";
import { failureText, receivesText } from "../operations/dead-letters/groups.ts";
import { escapeControls, maskedBody, plainBody } from "../operations/dead-letters/mask.ts";
import type { DeadLetter } from "../operations/dead-letters/read-dead-letter.ts";
import { scan } from "../operations/dead-letters/scan.ts";
import { MAX_HELD } from "../operations/dead-letters/session.ts";
import {
  actionText,
  age,
  countOfMessages,
  countsText,
  groupTable,
} from "../operations/dead-letters/table.ts";
import { judge, type Verdict } from "../operations/dead-letters/verdict.ts";
import {
  type DlqOptions,
  type DlqTerminal,
  selectMessages,
  withDlqSession,
} from "./dlq-session.ts";

/** `ringahead dlq list`. @throws {Failure} */
export async function listDeadLetters(
  config: QueueConfig,
  options: DlqOptions,
  terminal: DlqTerminal,
): Promise<void> {
  const { print, now } = terminal;
  await withDlqSession(config, options, terminal, async (session) => {
    const counts = await session.queue.counts();
    const { seen, complete, selected } = await selectMessages(session, options, now);
    const groups = selected.all;
    if (options.json) {
      const matching = selected.count;
      print(JSON.stringify({ seen, matching, complete, approximate: counts, groups }));
      return;
    }
    print(countsText(seen, counts, complete));
    if (groups.length > 0) print(`\n${groupTable(groups, now())}`);
    else if (seen > 0) print("No message matches the filter.");
  });
}

export interface ShowOptions extends DlqOptions {
  /** A message id or its beginning, an event id, or a conversation id. */
  readonly id: string;
  readonly unmasked: boolean;
}

/**
 * `ringahead dlq show`.
 * @throws {Failure} if no message has this id.
 */
export async function showDeadLetter(
  config: QueueConfig,
  options: ShowOptions,
  terminal: DlqTerminal,
): Promise<void> {
  const { id, unmasked, maxReplays } = options;
  const { now } = terminal;
  await withDlqSession(config, options, terminal, async ({ queue, held, signal }) => {
    let found: DeadLetter | undefined;
    const { seen } = await scan({
      queue,
      held,
      signal,
      maxHeld: MAX_HELD,
      visit(message) {
        if (hasId(message, id)) found ??= message;
        return found === undefined;
      },
    });
    if (found === undefined) throw notFound(id, seen);
    const verdict = judge(found, now(), maxReplays);
    terminal.print(
      options.json
        ? messageJson(found, verdict, unmasked)
        : messageText(found, verdict, unmasked, now()),
    );
  });
}

const MIN_PREFIX_LENGTH = 8;

function hasId({ messageId, eventId, conversationId }: DeadLetter, id: string): boolean {
  const isPrefix = id.length >= MIN_PREFIX_LENGTH && messageId.startsWith(id);
  return isPrefix || id === messageId || id === eventId || id === conversationId;
}

function notFound(id: string, seen: number): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "queue",
    message: `no message has the id ${JSON.stringify(id)} (${countOfMessages(seen)} seen)`,
    cure: "Give a message id (or its first 8 characters), an event id or a conversation id.",
  });
}

function messageText(
  message: DeadLetter,
  verdict: Verdict,
  unmasked: boolean,
  now: number,
): string {
  const { origin } = message;
  const receives = origin.by === "sqs" ? `, ${receivesText(origin.receives)}` : "";
  const happened = new Date(message.happenedAt).toISOString();
  const lines = [
    `Message       ${message.messageId}`,
    `Conversation  ${message.conversationId ?? "not named"}`,
    `Topic         ${message.topic ?? "not named"}`,
    `Happened      ${happened} (${age(now - message.happenedAt)} ago)`,
    `Failure       ${failureText(message)}${receives}`,
    ...reasonLines(message),
    ...(message.notEvent === undefined ? [] : [`Body          ${message.notEvent}`]),
    `Replayed      ${replaysText(message)}`,
    `Verdict       ${verdict.is}`,
    `Action needed ${actionText(verdict)}`,
  ];
  const body = unmasked ? plainBody(message.body) : maskedBody(message.body);
  return `${lines.map(escapeControls).join("\n")}\n\n${body}`;
}

function reasonLines({ origin }: DeadLetter): string[] {
  if (origin.by === "worker") {
    const { reason, cure, attempts, firstAt, lastAt, correlationId } = origin.reason;
    return [
      `Reason        ${reason ?? "not stored: it did not fit beside the body"}`,
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

function replaysText({ replayed, history }: DeadLetter): string {
  const times = replayed === 1 ? "once" : `${replayed} times`;
  const replays = (history?.replays ?? []).map(
    ({ at, run, code }) => `${at} by run ${run} after ${code}`,
  );
  return replays.length === 0 ? times : `${times}: ${replays.join("; ")}`;
}

function messageJson(message: DeadLetter, verdict: Verdict, unmasked: boolean): string {
  const { body, receiptHandle: _, happenedAt, ...fields } = message;
  const event = unmasked ? body : maskedBody(body);
  const happened = new Date(happenedAt).toISOString();
  return escapeControls(JSON.stringify({ ...fields, happenedAt: happened, verdict, event }));
}
