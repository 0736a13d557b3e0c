import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { type Drained, drain } from "./drain.ts";
import type { BenchOptions } from "./options.ts";

const MEASURED = { runs: 5, conversations: 4_000 };
/** Enough for a smoke test, too little for a measurement. */
const BRIEF = { runs: 1, conversations: 500 };
const SLOTS = 50;

/** The variables of each variant. Log lines go to the null device, spans to a collector on this machine. */
function variants(collector: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const metrics = { HTTP_PORT: "0", METRICS_EMF: "true" };
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collector };
  return {
    "all off": { LOG_LEVEL: "error" },
    "log at info": { LOG_LEVEL: "info" },
    "log and metrics": { LOG_LEVEL: "info", ...metrics },
    "log, metrics and traces": { LOG_LEVEL: "info", ...metrics, ...traces },
  };
}

/** `npm run bench -- telemetry [--only brief]`: the cost of log, metrics and traces per conversation. */
export async function run({ only }: BenchOptions): Promise<void> {
  const { runs, conversations } = only === "brief" ? BRIEF : MEASURED;
  print(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${runs} interleaved runs of ${conversations} conversations\n`,
  );
  const collector = createServer((request, response) => {
    request
      .resume()
      .on("end", () => response.setHeader("content-type", "application/json").end("{}"));
  });
  await new Promise<void>((listening) => collector.listen(0, "127.0.0.1", listening));
  const { port } = collector.address() as AddressInfo;
  const results = new Map<string, Drained[]>();
  try {
    for (let run = 1; run <= runs; run += 1) {
      for (const [name, environment] of Object.entries(variants(`http://127.0.0.1:${port}`))) {
        const drained = await drain("ringahead", SLOTS, conversations, () => 0, environment);
        results.set(name, [...(results.get(name) ?? []), drained]);
      }
    }
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
  print("| telemetry | CPU per conversation, ms | conversations per second |\n|---|---|---|");
  for (const [name, drained] of results) {
    const cpu = spread(
      drained.map(({ cpuMsEach }) => cpuMsEach),
      2,
    );
    const rate = spread(
      drained.map(({ perSecond }) => perSecond),
      0,
    );
    print(`| ${name} | ${cpu} | ${rate} |`);
  }
}

/** The median and the range. */
function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
