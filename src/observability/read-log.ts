import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Failure } from "../domain/failure.ts";
import { systemCode } from "../domain/file-failure.ts";
import { type LogLine, readLine } from "./facts/line.ts";

/** Counts of a log that is being read. */
export interface ReadCounts {
  /** All lines, facts or not. */
  lines: number;
  /** About as many as bytes. */
  characters: number;
  /** Lines that look like facts but that this version does not know. */
  unread: number;
}

/** A path; `-` is standard input. */
export type LogPlace = string;

/**
 * Reads the facts of a log line by line, in constant memory. Updates `counts`. `only` filters lines
 * before they are parsed.
 * @throws {Failure} if the file cannot be read.
 */
export async function* readLog(
  place: LogPlace,
  stdin: Readable,
  counts: ReadCounts,
  only: (text: string) => boolean = () => true,
): AsyncGenerator<LogLine> {
  const input = place === "-" ? stdin : createReadStream(place);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const text of lines) {
      counts.lines += 1;
      counts.characters += text.length + 1;
      if (!only(text)) continue;
      const line = readLine(text);
      if (line !== undefined) yield line;
      else if (text.includes('"fact":"')) counts.unread += 1;
    }
  } catch (error) {
    throw unreadable(place, error);
  } finally {
    lines.close();
  }
}

function unreadable(place: LogPlace, error: unknown): Failure {
  const code = systemCode(error) ?? "unknown";
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message: `the log ${JSON.stringify(place)} cannot be read (${code})`,
    cure: "Give --log the path of a file that this user can read, or - for standard input.",
  });
}
