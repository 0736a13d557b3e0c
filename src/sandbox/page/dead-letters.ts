import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { ENTRY } from "../environment/worker-process.ts";

const run = promisify(execFile);

/** What `ringahead dlq list --json` prints, as far as the page shows it. */
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
type ShownGroup = z.output<typeof listed>["groups"][number];

/** The dead letters, by the program's own commands, as whoever is on call runs them. */
export interface DeadLetterView {
  list(): Promise<readonly ShownGroup[]>;
  /** Puts back the letters of one failure. @returns what the command said. */
  replay(code: string): Promise<string>;
}

/** Letters that are looked at are given back at once; this is for a command that was killed. */
const HOLD = ["--hold", "30"];
const WHY = ["--reason", "replayed on the sandbox page", "--by", "sandbox page"];

export function createDeadLetterView(
  environment: Readonly<Record<string, string>>,
): DeadLetterView {
  const dlq = (...args: readonly string[]) =>
    run(process.execPath, [ENTRY, "dlq", ...args, ...HOLD], { env: { ...environment } });
  return {
    async list() {
      const { stdout } = await dlq("list", "--json");
      return listed.parse(JSON.parse(stdout)).groups;
    },
    async replay(code) {
      const which = ["--code", code, "--verdict", "replayable,fix-first"];
      const { stderr } = await dlq("replay", ...which, ...WHY, "--yes", "--watch", "1");
      return stderr.trim();
    },
  };
}
