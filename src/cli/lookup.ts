import type { Command } from "commander";
import type { Environment } from "../config/load.ts";

/** Adds `ringahead lookup`. */
export function addLookup(program: Command, environment: Environment): void {
  program
    .command("lookup")
    .description("show what an agent would see for this customer, in every language")
    .argument("<who>", "a telephone number or an email address")
    .option("--json", "JSON instead of text")
    .action(async (who: string, options: { json?: true }) => {
      const { runLookup } = await import("./lookup-run.ts");
      const print = (text: string) => process.stdout.write(`${text}\n`);
      await runLookup(environment, { who, json: options.json === true, print });
    });
}
