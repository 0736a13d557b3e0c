import type { Readable } from "node:stream";
import type { Command } from "commander";
import { type LogPlace, readLog } from "../observability/read-log.ts";
import { timelineText } from "../operations/explain/text.ts";
import { createTimelineBuilder } from "../operations/explain/timeline.ts";

/** What a command that reads a log is given. */
export interface LogCommand {
  readonly log: LogPlace;
  readonly json: boolean;
  readonly stdin: Readable;
  /** A line at a time. */
  readonly print: (line: string) => void;
}

/**
 * `ringahead explain`: the story of one conversation, out of a worker's log.
 * @returns whether the log says anything of it.
 * @throws {Failure} where the log cannot be read.
 */
export async function runExplain(conversationId: string, command: LogCommand): Promise<boolean> {
  const counts = { lines: 0, characters: 0, unread: 0 };
  const teller = createTimelineBuilder(conversationId);
  const mayMatter = (text: string) =>
    text.includes(conversationId) || !text.includes('"conversationId"');
  for await (const line of readLog(command.log, command.stdin, counts, mayMatter)) {
    teller.take(line);
  }
  const story = teller.story();
  command.print(command.json ? JSON.stringify({ ...story, log: counts }) : timelineText(story));
  return story.steps.length > 0;
}

/** Where the log comes from is the same for all commands that read one. */
export function withLog(command: Command): Command {
  return command
    .requiredOption("--log <file>", "the worker's log as JSON lines; - for standard input")
    .option("--json", "JSON instead of text");
}

/** Adds `explain`. `failed` is told where the log says nothing of the conversation. */
export function addExplain(program: Command, failed: () => void): void {
  withLog(program.command("explain"))
    .description("the story of one conversation, and why nothing was written where nothing was")
    .argument("<conversationId>", "as Genesys Cloud has it")
    .action(async (id: string, { log, json }: { log: string; json?: true }) => {
      const print = (line: string) => process.stdout.write(`${line}\n`);
      const command = { log, json: json === true, stdin: process.stdin, print };
      if (!(await runExplain(id, command))) failed();
    });
}
