import type { Command } from "commander";
import { readLog } from "../observability/read-log.ts";
import { reporter } from "../operations/report/report.ts";
import { reportText } from "../operations/report/text.ts";
import { type LogCommand, withLog } from "./explain.ts";

/**
 * `ringahead report`: what a log says of the whole.
 * @returns whether the log has any line of a worker.
 * @throws {Failure} where the log cannot be read.
 */
export async function runReport(command: LogCommand): Promise<boolean> {
  const counts = { lines: 0, characters: 0, unread: 0 };
  const { take, report } = reporter();
  for await (const line of readLog(command.log, command.stdin, counts)) take(line);
  const told = report(counts.characters);
  command.print(command.json ? JSON.stringify({ ...told, log: counts }) : reportText(told));
  return told.from !== undefined;
}

/** Adds `report`. `failed` is told where the log has no line of a worker. */
export function addReport(program: Command, failed: () => void): void {
  withLog(program.command("report"))
    .description("over a log: ready before the agent, who was found, budgets, outages, cost")
    .action(async ({ log, json }: { log: string; json?: true }) => {
      const print = (line: string) => process.stdout.write(`${line}\n`);
      if (!(await runReport({ log, json: json === true, stdin: process.stdin, print }))) failed();
    });
}
