import { randomUUID } from "node:crypto";
import { systemClocks } from "../app/clocks.ts";
import { phaseOf } from "../app/lifecycle.ts";
import type { StatusServer, StatusServerOptions } from "../app/status-server.ts";
import { startTelemetry } from "../app/telemetry.ts";
import { type ComposedWorker, composeWorker } from "../app/worker.ts";
import type { Config, Environment } from "../config/load.ts";
import { readConfig } from "../config/read.ts";
import type { Failure } from "../domain/failure.ts";
import { reportToAll } from "../observability/facts/facts.ts";
import { logFacts, standardOutput } from "../observability/log.ts";
import { untilStopped } from "./stopping.ts";

/**
 * `ringahead worker`: consumes the queue until SIGTERM or SIGINT, then drains; a second signal ends
 * it at once.
 * @throws {ConfigurationError | Failure} before anything is consumed.
 */
export async function runWorker(environment: Environment): Promise<void> {
  const config = await readConfig(environment);
  const stopping = untilStopped();
  const output = standardOutput();
  const log = logFacts(config.LOG_LEVEL, output, workerId());
  let worker: ComposedWorker | undefined;
  let unproven: Failure | undefined;
  const standing = {
    protection: () => worker?.protection() ?? [],
    load: () => worker?.load(),
  };
  const write = (line: string) => output.write(line);
  const telemetry = await startTelemetry({ ...standing, config, write, log, now: Date.now });
  const report = reportToAll([log, ...telemetry.listeners]);
  const status = {
    ...standing,
    metrics: telemetry.prometheus,
    phase: () => phaseOf({ stopAsked: stopping.asked(), does: worker && "consuming", unproven }),
    now: Date.now,
  };
  const waiting = (failure: Failure) => {
    unproven = failure;
  };
  let server: StatusServer | undefined;
  try {
    server = await serveStatus(config, status);
    if (server !== undefined) report("http.listening", { port: server.port });
    const around = { report, clocks: systemClocks(), random: Math.random };
    worker = await composeWorker(config, around, { signal: stopping.signal, waiting });
    if (stopping.asked() === undefined) worker.start();
    await worker.stop(await stopping.stop);
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

/** Begins with a letter: what is digits alone could be a number of somebody's, and is not told. */
function workerId(): string {
  return `w${randomUUID().slice(0, 7)}`;
}
