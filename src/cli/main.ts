import { Command, CommanderError, Option } from "commander";
import { ConfigurationError } from "../config/load.ts";
import { Failure } from "../domain/failure.ts";
import { type DialectName, dialectNames } from "../oracle/dialects.ts";
import { addActions } from "./actions.ts";
import { addDlq } from "./dlq.ts";
import { addDoctor } from "./doctor.ts";
import { addExplain } from "./explain.ts";
import { addReport } from "./report.ts";
import { addSetup } from "./setup.ts";

/** How a command ends: done, the work failed, or the command line or configuration is wrong. */
export type ExitCode = 0 | 1 | 2;

/**
 * The `ringahead` command. It parses and runs one command; what it throws is told in words.
 * @param argv the arguments after the program's name.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command("ringahead")
    .description("Oracle CX customer history on every Genesys Cloud conversation.")
    .exitOverride()
    .showHelpAfterError();
  program
    .command("worker")
    .description("consume the queue until SIGTERM, then drain (configured by the environment)")
    .action(async () => {
      const { runWorker } = await import("./worker.ts");
      await runWorker(process.env);
    });
  program
    .command("serve")
    .description("answer lookups on demand until SIGTERM (configured by the environment)")
    .action(async () => {
      const { runServe } = await import("./serve.ts");
      await runServe(process.env);
    });
  program
    .command("lookup")
    .description("what an agent would see for this customer, in every language")
    .argument("<who>", "a telephone number or an email address")
    .option("--json", "JSON instead of text")
    .action(async (who: string, options: { json?: true }) => {
      const { runLookup } = await import("./lookup.ts");
      const print = (text: string) => process.stdout.write(`${text}\n`);
      await runLookup(process.env, { who, json: options.json === true, print });
    });
  program
    .command("sandbox")
    .description("the whole system on this machine: local queue, simulated Genesys and Oracle")
    .addOption(
      new Option("--dialect <dialect>", "what the simulated Oracle speaks")
        .choices(dialectNames)
        .default("gateway"),
    )
    .option("--json", "one JSON line a conversation, then a line with the summary")
    .option("--keep", "stay until Ctrl-C instead of ending after the sample conversations")
    .action(async (options: { dialect: DialectName; json?: true; keep?: true }) => {
      const { runSandbox } = await import("../sandbox/sandbox.ts");
      const asExpected = await runSandbox({
        dialect: options.dialect,
        json: options.json === true,
        keep: options.keep === true,
        print: (line) => process.stdout.write(`${line}\n`),
      });
      if (!asExpected) exitCode = 1;
    });
  addActions(program, process.env);
  const failed = () => {
    exitCode = 1;
  };
  addDlq(program, process.env, failed);
  addDoctor(program, process.env, failed);
  addExplain(program, failed);
  addReport(program, failed);
  addSetup(program, process.env, failed);
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return told(error);
  }
}

function told(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(`ringahead: ${error.message}\n  ${error.cure}\n`);
    return error.kind === "misconfigured" ? 2 : 1;
  }
  throw error;
}
