import { type Command, Option } from "commander";
import { type DialectName, dialectNames } from "../oracle/dialects.ts";

interface SandboxArgs {
  readonly dialect: DialectName;
  readonly json?: true;
  readonly keep?: true;
}

/** Adds `ringahead sandbox`. @param failed called if a sample conversation did not pass */
export function addSandbox(program: Command, failed: () => void): void {
  program
    .command("sandbox")
    .description("the whole system on this machine: local queue, simulated Genesys and Oracle")
    .addOption(
      new Option("--dialect <dialect>", "the dialect of the simulated Oracle")
        .choices(dialectNames)
        .default("gateway"),
    )
    .option("--json", "print one JSON line per conversation, then one line with the summary")
    .option("--keep", "keep running until Ctrl-C after the sample conversations")
    .action(async ({ dialect, json, keep }: SandboxArgs) => {
      const { runSandbox } = await import("../sandbox/sandbox.ts");
      const passed = await runSandbox({
        dialect,
        json: json === true,
        keep: keep === true,
        print: (line) => process.stdout.write(`${line}\n`),
      });
      if (!passed) failed();
    });
}
