import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type VerdictName, verdicts } from "../operations/dead-letters/verdict.ts";
import type { ProcessCommand } from "./dlq-process.ts";
import type { DlqOptions } from "./dlq-session.ts";
import { wholeNumber } from "./whole-number.ts";

/** Options of every dlq command, as commander parses them. */
export interface SessionArgs {
  readonly json?: true;
  readonly hold: number;
  readonly maxReplays: number;
}

interface FilterArgs {
  readonly code?: readonly string[];
  readonly verdict?: readonly VerdictName[];
  readonly topic?: string;
  readonly conversation?: string;
  readonly olderThan?: number;
  readonly newerThan?: number;
}

interface RunArgs {
  readonly limit?: number;
  readonly dryRun?: true;
  readonly rate: number;
  readonly yes?: true;
}

interface AuditArgs {
  readonly by?: string;
  readonly reason?: string;
  readonly auditFile?: string;
}

interface ReplayOnlyArgs {
  readonly discardEnded?: true;
  readonly askGenesys: boolean;
  readonly stopShare: number;
  readonly watch: number;
  readonly native?: true;
}

export type ListArgs = SessionArgs & FilterArgs;
type ProcessArgs = ListArgs & RunArgs & AuditArgs;
export type ReplayArgs = ProcessArgs & ReplayOnlyArgs;
export type DiscardArgs = ProcessArgs & { readonly all?: true };

export function withSessionOptions(command: Command): Command {
  return command
    .option("--json", "JSON instead of text")
    .addOption(
      new Option("--hold <seconds>", "hide received messages from other consumers for this long")
        .argParser(wholeNumber(2, 3600))
        .default(300),
    )
    .addOption(
      new Option("--max-replays <times>", "a message that was replayed this often is set aside")
        .argParser(wholeNumber(1, 1000))
        .default(3),
    );
}

export function withFilterOptions(command: Command): Command {
  return withSessionOptions(command)
    .addOption(
      new Option("--code <codes>", "only these failures, by the codes that `list` shows").argParser(
        words,
      ),
    )
    .addOption(
      new Option("--verdict <verdicts>", `one or more of ${verdicts.join(", ")}`).argParser(
        readVerdicts,
      ),
    )
    .option("--topic <part>", "topics that contain this, such as customer.start")
    .option("--conversation <id>", "one conversation")
    .addOption(
      new Option(
        "--older-than <age>",
        "events older than this, such as 90s, 30m, 2h, 7d",
      ).argParser(duration),
    )
    .addOption(new Option("--newer-than <age>", "events younger than this").argParser(duration));
}

/** @param rate the default, in messages a second */
export function withProcessOptions(command: Command, rate: number): Command {
  return withFilterOptions(command)
    .addOption(
      new Option("--limit <count>", "process at most this many").argParser(wholeNumber(1, 100_000)),
    )
    .option("--dry-run", "print the plan and change nothing")
    .addOption(
      new Option("--rate <messages>", "process at most this many a second")
        .argParser(wholeNumber(1, 10_000))
        .default(rate),
    )
    .option("--yes", "do not ask for a confirmation")
    .option("--reason <text>", "why you run this, for the audit")
    .option("--by <name>", "who runs this, for the audit; default: the system's user name")
    .option(
      "--audit-file <path>",
      "append the audit lines to this file instead of standard output",
    );
}

export function withReplayOptions(command: Command): Command {
  return command
    .option("--discard-ended", "delete messages of ended conversations instead of keeping them")
    .option("--no-ask-genesys", "do not ask Genesys whether the conversation has ended")
    .addOption(
      new Option("--stop-share <percent>", "stop if more than this share comes straight back")
        .argParser(wholeNumber(0, 100))
        .default(20),
    )
    .addOption(
      new Option("--watch <seconds>", "look this long for messages that come straight back")
        .argParser(wholeNumber(0, 3600))
        .default(5),
    )
    .option(
      "--native",
      "let SQS move the whole queue (StartMessageMoveTask): no filter, no history",
    );
}

/** Groups the flat arguments of commander. */
export function dlqOptions(args: SessionArgs & Partial<FilterArgs>): DlqOptions {
  return {
    json: args.json === true,
    holdSeconds: args.hold,
    maxReplays: args.maxReplays,
    filter: {
      codes: args.code,
      verdicts: args.verdict,
      topic: args.topic,
      conversationId: args.conversation,
      olderThanMs: args.olderThan,
      newerThanMs: args.newerThan,
    },
  };
}

/** Ends the process if the arguments contradict each other. */
export function replayCommand(command: Command, args: ReplayArgs): ProcessCommand {
  const shared = processCommand(command, "replay", args);
  const { filter } = shared;
  return {
    ...shared,
    filter: { ...filter, verdicts: filter.verdicts ?? ["replayable"] },
    discardEnded: args.discardEnded === true,
    returnLimit: { share: args.stopShare / 100, watchMs: args.watch * 1000 },
  };
}

/** Ends the process if the arguments contradict each other. */
export function discardCommand(command: Command, args: DiscardArgs): ProcessCommand {
  const shared = processCommand(command, "discard", args);
  if (args.all !== true && Object.values(shared.filter).every((one) => one === undefined)) {
    command.error("discard needs a filter (--code, --verdict, --topic, …) or --all");
  }
  return { ...shared, discardEnded: false, returnLimit: { share: 1, watchMs: 0 } };
}

function processCommand(command: Command, action: ProcessCommand["action"], args: ProcessArgs) {
  const dryRun = args.dryRun === true;
  if (!dryRun && (args.reason ?? "").trim() === "") {
    command.error(`${action} needs a --reason for the audit`);
  }
  return {
    ...dlqOptions(args),
    action,
    limit: args.limit,
    dryRun,
    rate: args.rate,
    yes: args.yes === true,
    audit: { by: args.by ?? userName(), reason: args.reason ?? "", file: args.auditFile },
  };
}

/** Options that have no effect on a native move: SQS moves the whole queue. */
export function rejectWithNative(command: Command): void {
  const ineffective = [
    "code",
    "verdict",
    "topic",
    "conversation",
    "olderThan",
    "newerThan",
    "limit",
    "discardEnded",
  ];
  if (ineffective.some((name) => command.getOptionValue(name) !== undefined)) {
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
