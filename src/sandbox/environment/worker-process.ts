import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Failure } from "../../domain/failure.ts";
import type { FactName, Facts } from "../../observability/facts/facts.ts";

/** A line of the worker's log. */
export type WorkerLogLine = {
  [N in FactName]: { readonly fact: N; readonly time: string } & Facts[N];
}[FactName];

type LineMatcher = (line: WorkerLogLine) => boolean;

/** A worker in its own process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** All log lines so far, oldest first. */
  readonly log: readonly WorkerLogLine[];
  /** Its standard error so far. */
  readonly errors: string;
  /** Resolves with its exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /**
   * Resolves with the first matching log line, past or future. Without a `signal` it waits 200 s.
   * @throws {Failure} if the worker ends first, or the time is over
   * @throws the reason of `signal` if it is aborted first
   */
  line(matches: LineMatcher, signal?: AbortSignal): Promise<WorkerLogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM, and SIGKILL after `timeoutMs`. Resolves when the process has ended. */
  stop(timeoutMs?: number): Promise<number | NodeJS.Signals>;
}

/** The program's entry file. */
export const ENTRY = fileURLToPath(new URL("../../../bin/ringahead.js", import.meta.url));
const STOP_TIMEOUT_MS = 20_000;
const LONGEST_WAIT_MS = 200_000;
/** So many lines are in the error of a wait that was too long. */
const LINES_TOLD = 20;

export interface WorkerProcessOptions {
  /** Called with every line of its log. */
  readonly onLine?: (line: WorkerLogLine) => void;
  /** Default: `worker`. */
  readonly command?: "worker" | "serve";
  /** The file that Node starts. Default: the program from its sources. */
  readonly entry?: string;
}

/**
 * Starts `ringahead worker` (or `serve`) with exactly this environment. An IPC channel ends it if this
 * process is killed.
 */
export function startWorkerProcess(
  environment: Readonly<Record<string, string>>,
  options: WorkerProcessOptions = {},
): WorkerProcess {
  const { onLine, command = "worker", entry = ENTRY } = options;
  const child: ChildProcess = spawn(process.execPath, [entry, command], {
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log: WorkerLogLine[] = [];
  const waiting = new Set<(line: WorkerLogLine) => void>();
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const { stdout } = child;
  if (stdout !== null) {
    createInterface({ input: stdout }).on("line", (text) => {
      const line: WorkerLogLine = JSON.parse(text);
      log.push(line);
      onLine?.(line);
      for (const wait of waiting) wait(line);
    });
  }
  const closed = Promise.withResolvers<number | NodeJS.Signals>();
  child.once("close", (code, signal) => closed.resolve(code ?? signal ?? 1));
  const ended = closed.promise;

  function line(matches: LineMatcher, signal?: AbortSignal): Promise<WorkerLogLine> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerLogLine>();
    const wait = (candidate: WorkerLogLine) => {
      if (matches(candidate)) resolve(candidate);
    };
    waiting.add(wait);
    for (const past of log) wait(past);
    ended.then((exit) => reject(endedEarly(exit, errors)));
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    const tooLong = () => reject(notLogged(matches, log));
    const timer = signal ? undefined : setTimeout(tooLong, LONGEST_WAIT_MS);
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(wait);
    });
  }

  async function stop(timeoutMs = STOP_TIMEOUT_MS): Promise<number | NodeJS.Signals> {
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const exit = await ended;
    clearTimeout(kill);
    return exit;
  }

  return {
    pid: child.pid,
    log,
    get errors() {
      return errors;
    },
    ended,
    line,
    kill: (signal) => child.kill(signal),
    stop,
  };
}

function notLogged(matches: LineMatcher, log: readonly WorkerLogLine[]): Failure {
  const last = log.slice(-LINES_TOLD).map((line) => JSON.stringify(line));
  return new Failure({
    kind: "permanent",
    code: "timeout",
    source: "worker",
    message: [
      `the worker logged no line that matches ${matches} in ${LONGEST_WAIT_MS} ms. The last lines:`,
      ...last,
    ].join("\n"),
    cure: "Look for what it waits for.",
  });
}

function endedEarly(exit: number | NodeJS.Signals, errors: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "unexpected",
    source: "worker",
    message: `the worker ended before the awaited log line, with ${exit}`,
    cure: errors.trim() || "It wrote nothing to standard error: read its log.",
  });
}
