import type { Command } from "commander";
import type { Environment } from "../config/load.ts";
import { type AdministratorArgs, administratorToken, withAdministrator } from "./administrator.ts";

interface DoctorOptions extends AdministratorArgs {
  readonly bus?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly conversation?: string;
  readonly log?: string;
  readonly json?: true;
}

/** Adds `doctor`. `failed` is told where something is broken. */
export function addDoctor(program: Command, environment: Environment, failed: () => void): void {
  const command = program
    .command("doctor")
    .description("look at a real installation and say what is wrong, why it matters, and the cure")
    .option("--bus <name>", "the event bus, where it is not Genesys Cloud's own")
    .option("--phone <number>", "of a customer whom Oracle holds")
    .option("--email <address>", "the same by email")
    .option("--conversation <id>", "look at what would be written to this one; nothing is written")
    .option("--log <file>", "a worker's log, for when the last event came; - for standard input")
    .option("--json", "JSON instead of text")
    .action(async ({ phone, email, json, ...options }: DoctorOptions) => {
      if (options.log === "-" && options.accessToken === "-") {
        command.error("standard input can hold the log or the token, not both");
      }
      const { examine } = await import("../app/doctor.ts");
      const { findingsText } = await import("../operations/doctor/text.ts");
      const findings = await examine(environment, {
        bus: options.bus,
        known:
          phone === undefined
            ? email === undefined
              ? undefined
              : { by: "email", address: email }
            : { by: "phone", address: phone },
        conversation: options.conversation,
        log: options.log,
        adminToken: (loginUrl, signal) =>
          administratorToken(options, { loginUrl, signal, stdin: process.stdin, say }),
        stdin: process.stdin,
        now: Date.now,
      });
      process.stdout.write(`${json ? JSON.stringify({ findings }) : findingsText(findings)}\n`);
      if (findings.some(({ standing }) => standing === "broken")) failed();
    });
  withAdministrator(command);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
