import type { Command } from "commander";
import type { Environment } from "../config/load.ts";

/** Adds `ringahead worker`. */
export function addWorker(program: Command, environment: Environment): void {
  program
    .command("worker")
    .description("consume the queue until SIGTERM, then drain (configured by the environment)")
    .action(async () => {
      const { runWorker } = await import("./worker-run.ts");
      await runWorker(environment);
    });
}
