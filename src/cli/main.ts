import { Command, CommanderError } from "commander";
import { ConfigurationError } from "../config/load.ts";
import { Failure } from "../domain/failure.ts";
import { addActions } from "./actions.ts";
import { addDlq } from "./dlq.ts";
import { addDoctor } from "./doctor.ts";
import { addExplain } from "./explain.ts";
import { addLookup } from "./lookup.ts";
import { addReport } from "./report.ts";
import { addSandbox } from "./sandbox.ts";
import { addServe } from "./serve.ts";
import { addSetup } from "./setup.ts";
import { addWorker } from "./worker.ts";

/**
 * How a command ends: done, the work failed, the command line or configuration is wrong, or it was
 * interrupted before its end.
 */
export type ExitCode = 0 | 1 | 2 | 130;

/**
 * The `ringahead` command. It parses and runs one command, and prints what goes wrong with its cure.
 * @param argv the arguments after the program's name.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command("ringahead")
    .description("Oracle CX customer history on every Genesys Cloud conversation.")
    .exitOverride()
    .showHelpAfterError();
  const exit = (code: ExitCode) => {
    exitCode = code;
  };
  const failed = () => exit(1);
  addWorker(program, process.env);
  addServe(program, process.env);
  addLookup(program, process.env);
  addSandbox(program, failed);
  addActions(program, process.env);
  addDlq(program, process.env, failed);
  addDoctor(program, process.env, failed);
  addExplain(program, failed);
  addReport(program, process.env, exit);
  addSetup(program, process.env, failed);
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return printError(error);
  }
}

function printError(error: unknown): ExitCode {
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
