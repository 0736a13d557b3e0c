import { type Config, type Environment, loadConfig } from "../config/load.ts";
import { logFacts } from "../facts/log.ts";
import { composeWorker } from "../worker/compose.ts";

/**
 * `ringahead worker`: consumes the queue until SIGTERM or SIGINT, then drains; a second signal ends
 * it at once.
 * @throws {ConfigurationError | Failure} before anything is consumed.
 */
export async function runWorker(environment: Environment): Promise<void> {
  const config: Config = loadConfig(environment);
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
  try {
    const worker = await composeWorker(config, {
      report: logFacts(config.LOG_LEVEL),
      now: Date.now,
      random: Math.random,
    });
    worker.start();
    await worker.stop(await stop.promise);
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    process.off("disconnect", onDisconnect);
  }
}
