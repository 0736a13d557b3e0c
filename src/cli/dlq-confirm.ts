import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../domain/failure.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";

/** What is to be confirmed. */
export interface ConfirmPrompt {
  readonly action: "replay" | "discard";
  readonly yes: boolean;
}

/** Asks a person; anything but a yes is a no, the end of the input too. */
export async function confirm(
  question: string,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
): Promise<boolean> {
  const asking = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
  try {
    const answer = asking.question(`${question} [y/N] `, { signal }).catch(() => "");
    return /^y(es)?$/i.test((await Promise.race([answer, closed])).trim());
  } finally {
    asking.close();
  }
}

/**
 * Whether the operator wants it: by `--yes`, or asked on a terminal.
 * @throws {Failure} where neither is there.
 */
export function agreed(
  command: ConfirmPrompt,
  count: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (command.yes) return Promise.resolve(true);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: `${command.action} wants to be confirmed, and nobody can be asked here`,
      cure: "Look at it with --dry-run, then add --yes.",
    });
  }
  const verb = command.action === "replay" ? "Replay" : "Discard for good";
  return confirm(`${verb} ${countOfMessages(count)}?`, process.stdin, process.stderr, signal);
}
