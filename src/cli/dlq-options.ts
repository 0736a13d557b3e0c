import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type VerdictName, verdicts } from "../operations/dead-letters/verdict.ts";
import type { CommonOptions } from "./dlq-session.ts";
import type { WorkCommand } from "./dlq-work.ts";

/** The options as commander gives them. */
export interface DlqArgs {
  readonly json?: true;
  readonly hold: number;
  readonly maxReplays: number;
  readonly code?: readonly string[];
  readonly verdict?: readonly VerdictName[];
  readonly topic?: string;
  readonly conversation?: string;
  readonly olderThan?: number;
  readonly newerThan?: number;
}

export interface DlqWorkArgs extends DlqArgs {
  readonly limit?: number;
  readonly dryRun?: true;
  readonly rate: number;
  readonly yes?: true;
  readonly by?: string;
  readonly reason?: string;
  readonly auditFile?: string;
  readonly discardEnded?: true;
  readonly askGenesys: boolean;
  readonly stopShare?: number;
  readonly watch?: number;
  readonly native?: true;
  readonly all?: true;
}

export function held(command: Command): Command {
  return command
    .option("--json", "JSON instead of text")
    .addOption(
      new Option("--hold <seconds>", "for how long what is looked at is hidden from others")
        .argParser(wholeNumber(2, 3600))
        .default(300),
    )
    .addOption(
      new Option("--max-replays <times>", "a letter that was replayed this often is set aside")
        .argParser(wholeNumber(1, 1000))
        .default(3),
    );
}

export function filtered(command: Command): Command {
  return held(command)
    .addOption(
      new Option("--code <codes>", "these failures, as `list` names them").argParser(words),
    )
    .addOption(
      new Option("--verdict <verdicts>", `one or more of ${verdicts.join(", ")}`).argParser(
        readVerdicts,
      ),
    )
    .option("--topic <part>", "topics that contain this, such as customer.start")
    .option("--conversation <id>", "one conversation")
    .addOption(new Option("--older-than <age>", "such as 90s, 30m, 2h, 7d").argParser(duration))
    .addOption(
      new Option("--newer-than <age>", "the event is younger than this").argParser(duration),
    );
}

export function working(command: Command, rate: string): Command {
  return command
    .addOption(
      new Option("--limit <count>", "no more than this").argParser(wholeNumber(1, 100_000)),
    )
    .option("--dry-run", "say what would be done, and change nothing")
    .addOption(
      new Option("--rate <letters>", "letters a second, at most")
        .argParser(wholeNumber(1, 10_000))
        .default(Number(rate)),
    )
    .option("--yes", "do not ask")
    .option("--reason <text>", "why, for the audit")
    .option("--by <name>", "who, for the audit; the user's name unless told")
    .option(
      "--audit-file <path>",
      "append the audit lines to this file instead of standard output",
    );
}

export function common(given: DlqArgs): CommonOptions {
  return {
    json: given.json === true,
    holdSeconds: given.hold,
    maxReplays: given.maxReplays,
    filter: {
      codes: given.code,
      verdicts: given.verdict,
      topic: given.topic,
      conversationId: given.conversation,
      olderThanMs: given.olderThan,
      newerThanMs: given.newerThan,
    },
  };
}

export function work(
  command: Command,
  action: WorkCommand["action"],
  given: DlqWorkArgs,
): WorkCommand {
  const dryRun = given.dryRun === true;
  if (!dryRun && (given.reason ?? "").trim() === "") {
    command.error(`${action} wants a --reason for the audit`);
  }
  const shared = common(given);
  const { filter } = shared;
  const standard: VerdictName[] | undefined = action === "replay" ? ["replayable"] : undefined;
  return {
    ...shared,
    filter: { ...filter, verdicts: filter.verdicts ?? standard },
    action,
    limit: given.limit,
    dryRun,
    rate: given.rate,
    yes: given.yes === true,
    by: given.by ?? userName(),
    reason: given.reason ?? "",
    auditFile: given.auditFile,
    discardEnded: given.discardEnded === true,
    stopShare: (given.stopShare ?? 100) / 100,
    watchSeconds: given.watch ?? 0,
  };
}

/** SQS moves everything: an option that says otherwise must not be silently without effect. */
export function refuseWithNative(command: Command): void {
  const useless = [
    "code",
    "verdict",
    "topic",
    "conversation",
    "olderThan",
    "newerThan",
    "limit",
    "discardEnded",
  ];
  const given = useless.filter((name) => command.getOptionValue(name) !== undefined);
  if (given.length > 0) {
    command.error("--native moves the whole queue: leave filters, --limit and --discard-ended out");
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d{1,9}$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function words(value: string): string[] {
  return value.split(",").map((word) => word.trim());
}

function readVerdicts(value: string): VerdictName[] {
  return words(value).map((word) => {
    const known = verdicts.find((verdict) => verdict === word);
    if (known === undefined) throw new InvalidArgumentError(`Give ${verdicts.join(", ")}.`);
    return known;
  });
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

function duration(value: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined)
    throw new InvalidArgumentError("Give an age such as 90s, 30m, 2h or 7d.");
  return Number(count) * unitMs;
}
