import { closeSync, openSync, writeSync } from "node:fs";
import { Failure } from "../../domain/failure.ts";
import type { DeadLetter } from "./read-dead-letter.ts";

/** What became of one letter. */
export type Done = "replayed" | "discarded" | "kept";

/** One line of the audit: ids and codes, no personal data of a customer. */
export interface AuditLine {
  readonly at: string;
  /** Who ran it, by the name that the machine knows or `--by`. */
  readonly who: string;
  readonly run: string;
  readonly why: string;
  readonly what: Done;
  /** What decided, where it was not the operator alone. */
  readonly because?: string;
  readonly dryRun?: true;
  readonly messageId: string;
  readonly code: string;
  readonly eventId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly topic?: string | undefined;
  /** Replays before this one. */
  readonly replayed: number;
}

/** Who does what and why: the same for each line of a run. */
export interface Run {
  readonly who: string;
  readonly run: string;
  readonly why: string;
  readonly dryRun?: true;
}

/** [pure] */
export function auditLine(
  run: Run,
  at: number,
  letter: DeadLetter,
  what: Done,
  because?: string,
): AuditLine {
  const { messageId, code, eventId, conversationId, topic, replayed } = letter;
  return {
    at: new Date(at).toISOString(),
    ...run,
    what,
    ...(because === undefined ? {} : { because }),
    messageId,
    code,
    eventId,
    conversationId,
    topic,
    replayed,
  };
}

/** Where audit lines go. A line is written before the letter is deleted, so none is ever missing. */
export interface AuditTrail {
  write(line: AuditLine): void;
  close(): void;
}

/**
 * Appends to a file, readable by its owner only.
 * @throws {Failure} where it cannot be written: then nothing has been done yet.
 */
export function auditFile(path: string): AuditTrail {
  let file: number;
  try {
    file = openSync(path, "a", 0o600);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: `--audit-file ${path} cannot be written (${code})`,
      cure: "Name a file in a directory that exists and may be written to.",
    });
  }
  return {
    write: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  };
}
