import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { Environment } from "../config/load.ts";
import { withAdministrator } from "./administrator.ts";
import { type FlatSetupArgs, groupSetupArgs } from "./setup-args.ts";
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

/** Adds `ringahead setup`. @param failed called if the org is not set up and cannot be */
export function addSetup(program: Command, environment: Environment, failed: () => void): void {
  const command = program
    .command("setup")
    .description("set up Genesys Cloud: print the plan, or apply it with --apply");
  addEventsOptions(command);
  addClientOptions(command);
  addLookupOptions(command);
  addPanelOptions(command);
  command
    .option("--apply", "apply the plan")
    .option("--dry-run", "only print the plan; this is the default")
    .option("--json", "JSON instead of text")
    .action(async (args: FlatSetupArgs & { readonly dryRun?: true }) => {
      checkArgs(command, args, environment);
      const { runSetup } = await import("./setup-run.ts");
      const complete = await runSetup(environment, groupSetupArgs(args), {
        stdin: process.stdin,
        print: (text) => process.stdout.write(`${text}\n`),
        printStatus: (text) => process.stderr.write(`${text}\n`),
        pause: (ms, signal) => sleep(ms, undefined, { signal }),
        now: () => performance.now(),
      });
      if (!complete) failed();
    });
  withAdministrator(command);
}

function addEventsOptions(command: Command): void {
  command
    .addOption(
      new Option("--aws-account <id>", "AWS account that the events go to")
        .argParser(awsAccount)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--aws-region <region>", "its region; default: AWS_REGION").argParser(awsRegion),
    )
    .addOption(
      new Option("--suffix <text>", "end of the event source's name, unique in the org")
        .argParser(suffix)
        .default("ringahead"),
    )
    .addOption(
      new Option("--name <text>", "prefix of the names of everything that setup creates")
        .argParser(ownName)
        .default("Ringahead"),
    );
}

function addClientOptions(command: Command): void {
  command
    .addOption(
      new Option("--secret <name or arn>", "secret in Secrets Manager for the client's secret")
        .argParser(secretName)
        .default(SECRET_NAME),
    )
    .addOption(
      new Option("--secret-file <path>", "store it in a file that only you can read instead"),
    )
    .option("--new-secret", "create a new secret for the client; the current one stops working")
    .option("--every-division", "give the client its role in every division, not only at home")
    .option("--return-role", "revoke the role from you at the end");
}

function addLookupOptions(command: Command): void {
  command
    .addOption(
      new Option(
        "--api-url <url>",
        "add the data action for `ringahead serve` at this URL",
      ).argParser(httpsOrigin),
    )
    .addOption(
      new Option("--function-arn <arn>", "add the data action for the Lambda function").argParser(
        functionArn,
      ),
    )
    .addOption(
      new Option("--function-role <arn>", "the role with which Genesys Cloud invokes it").argParser(
        roleArn,
      ),
    )
    .addOption(
      new Option(
        "--fields <names>",
        "further outputs of the data actions, by their names in ORACLE_CUSTOMER_FIELDS",
      ).argParser(fieldNames),
    );
}

function addPanelOptions(command: Command): void {
  command
    .addOption(
      new Option(
        "--panel-url <url>",
        "add the agent's panel, and the OAuth client that it signs in with",
      ).argParser(httpsOrigin),
    )
    .addOption(
      new Option("--panel-group <id...>", "groups that see the panel").argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), uuid(value)],
      ),
    );
}

/** Ends the process if the arguments contradict each other. */
function checkArgs(
  command: Command,
  args: FlatSetupArgs & { readonly dryRun?: true },
  { AWS_REGION: region }: Environment,
): void {
  if (args.apply && args.dryRun) command.error("give --apply or --dry-run, not both");
  if (args.awsRegion === undefined && !region?.trim()) {
    command.error("give --aws-region, or set AWS_REGION: there is no default for the events");
  }
  if ((args.functionArn === undefined) !== (args.functionRole === undefined)) {
    command.error("give --function-arn and --function-role together");
  }
}
