import { parseArgs } from "node:util";
import type { BenchOptions } from "./options.ts";

/** `npm run bench -- <name> [--full] [--only <part>]`: runs one benchmark and prints its table. */
const benchmarks: Readonly<
  Record<string, () => Promise<{ run(options: BenchOptions): Promise<void> }>>
> = {
  limiter: () => import("./limiter.ts"),
  outage: () => import("./outage.ts"),
  latency: () => import("./latency.ts"),
  drain: () => import("./drain.ts"),
  lookup: () => import("./lookup.ts"),
  coldstart: () => import("./coldstart.ts"),
  telemetry: () => import("./telemetry.ts"),
};

const USAGE =
  "usage: npm run bench -- <name> [--full] [--only <part>]\n" +
  `<name>: ${Object.keys(benchmarks).join(", ")}\n`;

function readCommandLine() {
  try {
    const { values, positionals } = parseArgs({
      options: { full: { type: "boolean", default: false }, only: { type: "string" } },
      allowPositionals: true,
    });
    const load = positionals.length === 1 ? benchmarks[positionals[0] ?? ""] : undefined;
    return load && { load, options: { full: values.full, only: values.only } };
  } catch {
    return undefined;
  }
}

const command = readCommandLine();
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await (await command.load()).run(command.options);
}
