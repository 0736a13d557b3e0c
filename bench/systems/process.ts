import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ENTRY } from "../../src/sandbox/environment/worker-process.ts";

/** The systems to compare. */
export const systems = ["ringahead", "sqs-consumer glue", "bare loop"] as const;
export type System = (typeof systems)[number];

/** A system in its own process. */
export interface SystemProcess {
  /** CPU time so far. */
  cpuMs(): number;
  /** Resident memory, in MB. */
  memoryMb(): number;
  /** The heap after a garbage collection, in MB. Needs `heap: true`. */
  heapMb(): Promise<number>;
  stop(): Promise<void>;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const commands: Readonly<Record<System, readonly string[]>> = {
  ringahead: [ENTRY, "worker"],
  "sqs-consumer glue": [here("glue.ts")],
  "bare loop": [here("bare-loop.ts")],
};
/** Linux counts CPU time in units of 10 ms, and memory in pages. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
const MB = 1_048_576;

export interface SystemOptions {
  /** Maximum number of conversations in progress. */
  readonly slots: number;
  /** Enables `heapMb`. */
  readonly heap?: boolean;
}

export function startSystem(
  system: System,
  environment: Readonly<Record<string, string>>,
  { slots, heap = false }: SystemOptions,
): SystemProcess {
  const flags = heap ? ["--expose-gc", "--import", here("heap.ts")] : [];
  const child: ChildProcess = spawn(process.execPath, [...flags, ...commands[system]], {
    env: {
      GENESYS_REQUESTS_PER_MINUTE: "100000",
      ...environment,
      SLOTS: String(slots),
      ORACLE_CONCURRENCY: String(slots),
      LOG_LEVEL: environment.LOG_LEVEL ?? "warn",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, "utf8");
  return {
    cpuMs() {
      const fields = proc("stat").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    memoryMb: () => (Number(proc("statm").split(" ")[1]) * PAGE_BYTES) / MB,
    async heapMb() {
      const answer = once(child, "message");
      child.send("heap");
      const [bytes] = await answer;
      return Number(bytes) / MB;
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
