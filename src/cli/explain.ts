import type { Readable } from "node:stream";
import type { Command } from "commander";
import { type LogPlace, readLog } from "../observability/read-log.ts";
import { timelineText } from "../operations/explain/text.ts";
import { createTimelineBuilder } from "../operations/explain/timeline.ts";

/** The input and output of a command that reads a log. */
export interface LogCommand {
  readonly log: LogPlace;
  readonly json: boolean;
  readonly stdin: Readable;
  /** Prints one line. */
  readonly print: (line: string) => void;
}

/**
 * Prints the timeline of one conversation.
 * @returns whether the log has any line about it.
 * @throws {Failure} if the log cannot be read.
 */
async function runExplain(conversationId: string, command: LogCommand): Promise<boolean> {
  const counts = { lines: 0, characters: 0, unread: 0 };
  const builder = createTimelineBuilder(conversationId);
  const mayMatter = (text: string) =>
    text.includes(conversationId) || !text.includes('"conversationId"');
  for await (const line of readLog(command.log, command.stdin, counts, mayMatter)) {
    builder.take(line);
  }
  const timeline = builder.build();
  command.print(
    command.json ? JSON.stringify({ ...timeline, log: counts }) : timelineText(timeline),
  );
  return timeline.steps.length > 0;
}

/** Adds `ringahead explain`. Calls `failed` if the log has no line about the conversation. */
export function addExplain(program: Command, failed: () => void): void {
  program
    .command("explain")
    .requiredOption("--log <file>", "the worker's log as JSON lines; - for standard input")
    .option("--json", "JSON instead of text")
    .description("the timeline of one conversation and, if nothing was written, why")
    .argument("<conversationId>", "the conversation id in Genesys Cloud")
    .action(async (id: string, { log, json }: { log: string; json?: true }) => {
      const print = (line: string) => process.stdout.write(`${line}\n`);
      const command = { log, json: json === true, stdin: process.stdin, print };
      if (!(await runExplain(id, command))) failed();
    });
}
