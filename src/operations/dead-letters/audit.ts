import { closeSync, openSync, writeSync } from "node:fs";
import { Failure } from "../../domain/failure.ts";
import type { DeadLetter } from "./read-dead-letter.ts";

/** What was done with one message. */
export type AuditAction = "replayed" | "discarded" | "kept";

/** One line of the audit: ids and codes, no personal data of a customer. */
export interface AuditLine {
  readonly at: string;
  /** The operator: the name of the system's user, or `--by`. */
  readonly who: string;
  readonly run: string;
  readonly why: string;
  readonly what: AuditAction;
  /** The reason, if not the operator alone decided. */
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

/** The fields that all lines of a run share. */
export interface Run {
  readonly who: string;
  /** Id of the run. The history of a replayed message names it. */
  readonly run: string;
  readonly why: string;
  readonly dryRun?: true;
}

/** [pure] `at` is epoch ms. */
export function auditLine(
  run: Run,
  at: number,
  message: DeadLetter,
  what: AuditAction,
  because?: string,
): AuditLine {
  const { messageId, code, eventId, conversationId, topic, replayed } = message;
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

/** The destination of audit lines. A line is written before its message is deleted. */
export interface AuditTrail {
  write(line: AuditLine): void;
  close(): void;
}

/**
 * Appends to a file that only its owner can read.
 * @throws {Failure} if the file cannot be written; no message has been changed then.
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
      cure: "Name a file in an existing directory that you can write to.",
    });
  }
  return {
    write: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  };
}
