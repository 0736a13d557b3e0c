import type { Command } from "commander";
import type { Environment } from "../config/load.ts";
import { type AdministratorArgs, administratorToken, withAdministrator } from "./administrator.ts";

interface DoctorArgs extends AdministratorArgs {
  readonly bus?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly conversation?: string;
  readonly log?: string;
  readonly json?: true;
}

/** Adds `ringahead doctor`. @param failed called if something is broken */
export function addDoctor(program: Command, environment: Environment, failed: () => void): void {
  const command = program
    .command("doctor")
    .description("check a real installation: what is wrong, why it matters, and the cure")
    .option("--bus <name>", "the event bus; default: the one of Genesys Cloud's event source")
    .option("--phone <number>", "of a customer in Oracle")
    .option("--email <address>", "of a customer in Oracle")
    .option("--conversation <id>", "show what would be written to it; nothing is written")
    .option("--log <file>", "a worker's log, to find the last event; - reads standard input")
    .option("--json", "JSON instead of text")
    .action(async (args: DoctorArgs) => {
      if (args.log === "-" && args.accessToken === "-") {
        command.error("standard input can hold the log or the token, not both");
      }
      const { examine } = await import("../app/doctor.ts");
      const { findingsText } = await import("../operations/doctor/text.ts");
      const findings = await examine(environment, {
        bus: args.bus,
        known: knownCustomer(args),
        conversation: args.conversation,
        log: args.log,
        adminToken: (loginUrl, signal) =>
          administratorToken(args, { loginUrl, signal, stdin: process.stdin, printStatus }),
        stdin: process.stdin,
        now: Date.now,
      });
      process.stdout.write(
        `${args.json ? JSON.stringify({ findings }) : findingsText(findings)}\n`,
      );
      if (findings.some(({ standing }) => standing === "broken")) failed();
    });
  withAdministrator(command);
}

function knownCustomer({ phone, email }: DoctorArgs) {
  if (phone !== undefined) return { by: "phone", address: phone } as const;
  return email === undefined ? undefined : ({ by: "email", address: email } as const);
}

function printStatus(text: string): void {
  process.stderr.write(`${text}\n`);
}
