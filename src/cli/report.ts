import type { Command } from "commander";
import { readLog } from "../observability/read-log.ts";
import { createReportBuilder } from "../operations/report/report.ts";
import { reportText } from "../operations/report/text.ts";
import { type LogCommand, withLog } from "./explain.ts";

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

/** Adds `ringahead report`. Calls `failed` if the log has no line from a worker. */
export function addReport(program: Command, failed: () => void): void {
  withLog(program.command("report"))
    .description(
      "totals of a log: ready before the agent, lookups, budgets, backlog, outages, cost",
    )
    .action(async ({ log, json }: { log: string; json?: true }) => {
      const print = (line: string) => process.stdout.write(`${line}\n`);
      if (!(await runReport({ log, json: json === true, stdin: process.stdin, print }))) failed();
    });
}
