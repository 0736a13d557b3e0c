import { type Command, Option } from "commander";
import { DEFAULT_DIALECT, type DialectName, dialectNames } from "../oracle/dialects.ts";

interface SandboxArgs {
  readonly dialect: DialectName;
  readonly json?: true;
  readonly keep?: true;
}

/** Adds `ringahead sandbox`. @param failed called if a sample conversation ended otherwise than expected */
export function addSandbox(program: Command, failed: () => void): void {
  program
    .command("sandbox")
    .description("the whole system on this machine: local queue, simulated Genesys and Oracle")
    .addOption(
      new Option("--dialect <dialect>", "what the simulated Oracle speaks")
        .choices(dialectNames)
        .default(DEFAULT_DIALECT),
    )
    .option("--json", "one JSON line a conversation, then a line with the summary")
    .option("--keep", "stay until Ctrl-C instead of ending after the sample conversations")
    .action(async ({ dialect, json, keep }: SandboxArgs) => {
      const { runSandbox } = await import("../sandbox/sandbox.ts");
      const asExpected = await runSandbox({
        dialect,
        json: json === true,
        keep: keep === true,
        print: (line) => process.stdout.write(`${line}\n`),
      });
      if (!asExpected) failed();
    });
}
