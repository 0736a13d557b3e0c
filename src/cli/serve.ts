import type { Command } from "commander";
import type { Environment } from "../config/load.ts";

/** Adds `ringahead serve`. */
export function addServe(program: Command, environment: Environment): void {
  program
    .command("serve")
    .description("answer lookups on demand until SIGTERM (configured by the environment)")
    .action(async () => {
      const { runServe } = await import("./serve-run.ts");
      await runServe(environment);
    });
}
