import type { Config, Environment } from "../config/load.ts";
import { readConfig } from "../config/read.ts";
import { logFacts } from "../facts/log.ts";
import type { StatusServer, StatusServerOptions } from "../serve/status-server.ts";
import { type ComposedWorker, composeWorker } from "../worker/compose.ts";

/**
 * `ringahead worker`: consumes the queue until SIGTERM or SIGINT, then drains; a second signal ends
 * it at once.
 * @throws {ConfigurationError | Failure} before anything is consumed.
 */
export async function runWorker(environment: Environment): Promise<void> {
  const config = await readConfig(environment);
  const stop = Promise.withResolvers<string>();
  const onSignal = (signal: string) => {
    if (asked) process.exit(1);
    asked = true;
    stop.resolve(signal);
  };
  let asked = false;
  const onDisconnect = () => stop.resolve("the end of its parent process");
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  // Started by the sandbox: where that was killed, nobody is left to stop us.
  process.on("disconnect", onDisconnect);
  const report = logFacts(config.LOG_LEVEL);
  let worker: ComposedWorker | undefined;
  const status = {
    protection: () => worker?.protection() ?? [],
    notTaking: () =>
      asked ? "it is draining" : worker === undefined ? "it is starting" : undefined,
  };
  let server: StatusServer | undefined;
  try {
    server = await serveStatus(config, status);
    if (server !== undefined) report("http.listening", { port: server.port });
    worker = await composeWorker(config, { report, now: Date.now, random: Math.random });
    worker.start();
    await worker.stop(await stop.promise);
  } finally {
    await server?.close();
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    process.off("disconnect", onDisconnect);
  }
}

async function serveStatus(
  { HTTP_PORT: port }: Config,
  status: Omit<StatusServerOptions, "port">,
): Promise<StatusServer | undefined> {
  if (port === undefined) return undefined;
  const { startStatusServer } = await import("../serve/status-server.ts");
  return startStatusServer({ port, ...status });
}
