import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { inject } from "vitest";

export interface Ran {
  readonly code: number | NodeJS.Signals;
  readonly out: string;
  readonly err: string;
}

/** A command as a process of its own. */
export interface Running {
  /** A command that is not over after 240 s is killed: its code is `SIGKILL` then. */
  readonly ended: Promise<Ran>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  /** What its standard input holds. Default: nothing. */
  readonly input?: string | Readable;
  /** Called with all that it has printed so far, after every piece of it. */
  readonly onOut?: (soFar: string) => void;
  /** The same for standard error. */
  readonly onErr?: (soFar: string) => void;
  /** The file that Node starts. Default: the bundled program. */
  readonly entry?: string;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

const LONGEST_MS = 240_000;

/** The bundled program: it does what the sources do, and starts in a third of their time. */
export const program = (): string => inject("program");

/** Starts `ringahead` with exactly this environment. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Running {
  const { input = "", entry = program(), node = [] } = options;
  const child = spawn(process.execPath, [...node, entry, ...args], {
    env: { ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    out += chunk;
    options.onOut?.(out);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    err += chunk;
    options.onErr?.(err);
  });
  // A command may end before it has read all of its input.
  child.stdin.on("error", () => undefined);
  if (typeof input === "string") child.stdin.end(input);
  else input.pipe(child.stdin);
  const { promise: ended, resolve } = Promise.withResolvers<Ran>();
  const hung = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  child.once("close", (code, signal) => {
    clearTimeout(hung);
    resolve({ code: code ?? signal ?? 1, out, err });
  });
  return { ended, kill: (signal) => child.kill(signal) };
}

/** Runs `ringahead` to its end. */
export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Promise<Ran> {
  return start(args, environment, options).ended;
}
