import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../domain/failure.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";

export interface ConfirmOptions {
  readonly action: "replay" | "discard";
  /** Whether `--yes` was given. */
  readonly yes: boolean;
}

/** Asks a person. Every answer but yes means no, also the end of the input and an aborted signal. */
export async function confirm(
  question: string,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
): Promise<boolean> {
  const terminal = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    const answer = terminal.question(`${question} [y/N] `, { signal }).catch(() => "");
    return /^y(es)?$/i.test((await Promise.race([answer, closed])).trim());
  } finally {
    terminal.close();
  }
}

/**
 * Whether the operator confirmed, by `--yes` or on the terminal.
 * @throws {Failure} if there is neither `--yes` nor a terminal.
 */
export function isConfirmed(
  { action, yes }: ConfirmOptions,
  count: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes) return Promise.resolve(true);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: `${action} needs a confirmation, and there is no terminal to ask on`,
      cure: "Check the plan with --dry-run, then add --yes.",
    });
  }
  const verb = action === "replay" ? "Replay" : "Permanently discard";
  return confirm(`${verb} ${countOfMessages(count)}?`, process.stdin, process.stderr, signal);
}
