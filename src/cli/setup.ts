import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { Environment } from "../config/load.ts";
import { withAdministrator } from "./administrator.ts";
import type { SetupArgs } from "./setup-desired-state.ts";
import {
  awsAccount,
  awsRegion,
  fieldNames,
  functionArn,
  httpsOrigin,
  ownName,
  roleArn,
  secretName,
  suffix,
  uuid,
} from "./setup-options.ts";

const SECRET_NAME = "ringahead/genesys-client-secret";

/** Adds `setup`. `failed` is told where it could not be done. */
export function addSetup(program: Command, environment: Environment, failed: () => void): void {
  const option = (flags: string, told: string) => new Option(flags, told);
  const command = program
    .command("setup")
    .description("what Genesys Cloud needs: shows the plan, and with --apply carries it out")
    .addOption(
      option("--aws-account <id>", "AWS account that the events go to")
        .argParser(awsAccount)
        .makeOptionMandatory(),
    )
    .addOption(
      option("--aws-region <region>", "its region; AWS_REGION unless told").argParser(awsRegion),
    )
    .addOption(
      option("--suffix <text>", "end of the event source's name, unique in the org")
        .argParser(suffix)
        .default("ringahead"),
    )
    .addOption(
      option("--name <text>", "begins the name of all that is made")
        .argParser(ownName)
        .default("Ringahead"),
    )
    .addOption(
      option("--secret <name or arn>", "where Secrets Manager keeps the client's secret")
        .argParser(secretName)
        .default(SECRET_NAME),
    )
    .addOption(option("--secret-file <path>", "keep it in a file that only you may read, instead"))
    .option("--new-secret", "make the client a new secret; the one in use stops working")
    .option("--every-division", "give the client its role in every division, not the home one")
    .option("--return-role", "take the role back from you in the end")
    .addOption(
      option("--api-url <url>", "add the data action that asks `ringahead serve` there").argParser(
        httpsOrigin,
      ),
    )
    .addOption(
      option("--function-arn <arn>", "add the data action of the Lambda function").argParser(
        functionArn,
      ),
    )
    .addOption(
      option("--function-role <arn>", "the role that Genesys Cloud invokes it with").argParser(
        roleArn,
      ),
    )
    .addOption(
      option(
        "--fields <names>",
        "further outputs of the data actions, as ORACLE_CUSTOMER_FIELDS names them",
      ).argParser(fieldNames),
    )
    .addOption(
      option(
        "--panel-url <url>",
        "add the agent's panel, and the client it signs in with",
      ).argParser(httpsOrigin),
    )
    .addOption(
      option("--panel-group <id...>", "groups that see the panel").argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), uuid(value)],
      ),
    )
    .option("--apply", "carry the plan out")
    .option("--dry-run", "show the plan only; so it is unless --apply is given")
    .option("--json", "JSON instead of text")
    .action(async (given: SetupArgs & { readonly dryRun?: true }) => {
      if (given.apply && given.dryRun) command.error("give --apply or --dry-run, not both");
      if (given.awsRegion === undefined && !environment.AWS_REGION?.trim()) {
        command.error("give --aws-region, or set AWS_REGION: where the events go is not guessed");
      }
      if ((given.functionArn === undefined) !== (given.functionRole === undefined)) {
        command.error("give --function-arn and --function-role together");
      }
      const { runSetup } = await import("./setup-run.ts");
      const complete = await runSetup(environment, given, {
        stdin: process.stdin,
        print: (text) => process.stdout.write(`${text}\n`),
        say: (text) => process.stderr.write(`${text}\n`),
        pause: (ms, signal) => sleep(ms, undefined, { signal }),
        now: () => performance.now(),
      });
      if (!complete) failed();
    });
  withAdministrator(command);
}
