import { randomUUID } from "node:crypto";
import { systemClocks } from "../app/clocks.ts";
import { createLifecycle } from "../app/lifecycle.ts";
import type { StatusServer, StatusServerOptions } from "../app/status-server.ts";
import { startTelemetry } from "../app/telemetry.ts";
import { type ComposedWorker, composeWorker } from "../app/worker.ts";
import type { Config, Environment } from "../config/load.ts";
import { readConfig } from "../config/read.ts";
import { reportToAll } from "../observability/facts/facts.ts";
import { logFacts, standardOutput } from "../observability/log.ts";
import { untilStopped } from "./stopping.ts";

/**
 * `ringahead worker`: consumes the queue until SIGTERM or SIGINT, then drains. A second signal ends the
 * process at once.
 * @throws {ConfigurationError | Failure} before it consumes.
 */
export async function runWorker(environment: Environment): Promise<void> {
  const config = await readConfig(environment);
  const stopping = untilStopped();
  const output = standardOutput();
  const log = logFacts(config.LOG_LEVEL, output, workerId());
  const life = createLifecycle(stopping.asked);
  let worker: ComposedWorker | undefined;
  const state = {
    protection: () => worker?.protection() ?? [],
    load: () => worker?.load(),
  };
  const write = (line: string) => output.write(line);
  const { epochNow } = systemClocks();
  const telemetry = await startTelemetry({ ...state, config, write, log, epochNow });
  const report = reportToAll([log, ...telemetry.listeners]);
  const status = {
    ...state,
    metrics: telemetry.prometheus,
    phase: life.phase,
    clocks: systemClocks(),
  };
  let server: StatusServer | undefined;
  try {
    server = await serveStatus(config, status);
    if (server !== undefined) report("http.listening", { port: server.port });
    const around = { report, clocks: systemClocks(), random: Math.random };
    const { signal } = stopping;
    worker = await composeWorker(config, around, { signal, waiting: life.tokenRefused });
    if (life.begun("consuming")) worker.start();
    await worker.stop(await stopping.stop);
    life.drained();
  } finally {
    await server?.close();
    await telemetry.close();
    stopping.forget();
  }
}

async function serveStatus(
  { HTTP_PORT: port }: Config,
  status: Omit<StatusServerOptions, "port">,
): Promise<StatusServer | undefined> {
  if (port === undefined) return undefined;
  const { startStatusServer } = await import("../app/status-server.ts");
  return startStatusServer({ port, ...status });
}

/** Begins with a letter, because the log masks digits that could be a telephone number. */
function workerId(): string {
  return `w${randomUUID().slice(0, 7)}`;
}
