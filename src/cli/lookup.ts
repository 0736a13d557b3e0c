import type { Command } from "commander";
import type { Environment } from "../config/load.ts";

/** Adds `ringahead lookup`. */
export function addLookup(program: Command, environment: Environment): void {
  program
    .command("lookup")
    .description("show what an agent would see for this customer, in every language")
    .argument("[who]", "a telephone number or an email address; none with --reference alone")
    .option(
      "--reference <number>",
      "an account, customer or case number: finds the customer if <who> does not",
    )
    .option("--json", "JSON instead of text")
    .action(async (who: string | undefined, options: { json?: true; reference?: string }) => {
      const { runLookup } = await import("./lookup-run.ts");
      const print = (text: string) => process.stdout.write(`${text}\n`);
      await runLookup(environment, { ...options, who, json: options.json === true, print });
    });
}
