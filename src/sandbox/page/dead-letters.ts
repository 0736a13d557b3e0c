import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { ENTRY } from "../environment/worker-process.ts";

const run = promisify(execFile);

/** The part of the output of `ringahead dlq list --json` that the page shows. */
const listed = z.object({
  groups: z.array(
    z.object({
      code: z.string(),
      failure: z.string(),
      verdict: z.string(),
      because: z.string(),
      count: z.number(),
    }),
  ),
});
type Group = z.output<typeof listed>["groups"][number];

/** Lists and replays dead letters with the commands of the program. */
export interface DeadLetterView {
  list(): Promise<readonly Group[]>;
  /** Replays the dead letters of one failure. @returns the output of the command */
  replay(code: string): Promise<string>;
}

/** Seconds until the messages of a killed command are visible again. Otherwise they are released at once. */
const HOLD = ["--hold", "30"];
const AUDIT = ["--reason", "replayed on the sandbox page", "--by", "sandbox page"];

/** @param closing if aborted, running commands are killed */
export function createDeadLetterView(
  environment: Readonly<Record<string, string>>,
  closing: AbortSignal,
): DeadLetterView {
  const options = { env: { ...environment }, signal: closing, killSignal: "SIGKILL" } as const;
  const dlq = (...args: readonly string[]) =>
    run(process.execPath, [ENTRY, "dlq", ...args, ...HOLD], options);
  return {
    async list() {
      const { stdout } = await dlq("list", "--json");
      return listed.parse(JSON.parse(stdout)).groups;
    },
    async replay(code) {
      const which = ["--code", code, "--verdict", "replayable,fix-first"];
      const { stderr } = await dlq("replay", ...which, ...AUDIT, "--yes", "--watch", "1");
      return stderr.trim();
    },
  };
}
