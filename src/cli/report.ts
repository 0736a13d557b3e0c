import { type Command, Option } from "commander";
import type { Environment } from "../config/load.ts";
import { readLog } from "../observability/read-log.ts";
import { createReportBuilder } from "../operations/report/report.ts";
import { reportText } from "../operations/report/text.ts";
import type { LogCommand } from "./explain.ts";
import { wholeNumber } from "./whole-number.ts";

/** The options of `ringahead report`, as commander parses them. */
interface ReportArgs {
  readonly log?: string;
  readonly trySpellings?: string;
  readonly sample: number;
  readonly rate: number;
  readonly seed?: number;
  readonly json?: true;
}

/**
 * Prints the report of a log.
 * @returns whether the log has any line from a worker.
 * @throws {Failure} if the log cannot be read.
 */
async function runReport(command: LogCommand): Promise<boolean> {
  const counts = { lines: 0, characters: 0, unread: 0 };
  const { take, build } = createReportBuilder();
  for await (const line of readLog(command.log, command.stdin, counts)) take(line);
  const report = build(counts.characters);
  command.print(command.json ? JSON.stringify({ ...report, log: counts }) : reportText(report));
  return report.from !== undefined;
}

/**
 * Adds `ringahead report`. Calls `exit` with 1 if the log has no line from a worker, and with 130 if a
 * measurement was interrupted.
 */
export function addReport(
  program: Command,
  environment: Environment,
  exit: (code: 1 | 130) => void,
): void {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const printStatus = (text: string) => process.stderr.write(`${text}\n`);
  const { stdin } = process;
  withOptions(program.command("report")).action(
    async ({ log, trySpellings: file, seed, ...args }: ReportArgs, command: Command) => {
      const json = args.json === true;
      if (file !== undefined) {
        const { runSpellings } = await import("./report-spellings.ts");
        const measure = { file, seed, json, sample: args.sample, rate: args.rate };
        const end = await runSpellings(environment, measure, { stdin, print, printStatus });
        if (end === "interrupted") exit(130);
      } else if (log === undefined) {
        command.error("error: give --log <file>, or --try-spellings <file>");
      } else if (!(await runReport({ log, json, stdin, print }))) {
        exit(1);
      }
    },
  );
}

function withOptions(command: Command): Command {
  return command
    .description(
      "totals of a log: ready before the agent, who is found and how, budgets, backlog, outages, cost",
    )
    .option("--log <file>", "the worker's log as JSON lines; - for standard input")
    .addOption(
      new Option(
        "--try-spellings <file>",
        "instead: ask Oracle for a sample of numbers in further forms, and count who would be found; " +
          "the file of SHADOW_SAMPLE_FILE, or one number in a line; - for standard input",
      ).conflicts("log"),
    )
    .addOption(
      new Option("--sample <count>", "with --try-spellings: at most this many numbers")
        .argParser(wholeNumber(1, 10_000))
        .default(200),
    )
    .addOption(
      new Option("--rate <requests>", "with --try-spellings: at most this many requests a minute")
        .argParser(wholeNumber(1, 6_000))
        .default(60),
    )
    .addOption(
      new Option(
        "--seed <number>",
        "with --try-spellings: chooses the same numbers as the run that printed it",
      ).argParser(wholeNumber(0, 999_999_999)),
    )
    .option("--json", "JSON instead of text");
}
