import { type Command, Option } from "commander";
import { systemClocks } from "../app/clocks.ts";
import type { Environment } from "../config/load.ts";
import { after } from "../domain/time.ts";
import type { BearerApi } from "../genesys/bearer.ts";
import type { ActionDefinition } from "../operations/data-actions/definitions.ts";
import type { Registered } from "../operations/data-actions/register.ts";
import type { ActionRegistry } from "../operations/data-actions/registry.ts";
import { type AdministratorArgs, administratorToken, withAdministrator } from "./administrator.ts";
import { fieldNames, functionArn, httpsOrigin } from "./setup-options.ts";

interface ActionsArgs extends AdministratorArgs {
  readonly apiUrl?: string;
  readonly functionArn?: string;
  readonly integration?: string;
  readonly fields?: readonly string[];
  readonly dryRun?: true;
  readonly print?: true;
  readonly json?: true;
}

/** For one registration with all its requests and waits for budget. */
const REGISTRATION_MS = 60_000;

/** Adds `ringahead actions`. */
export function addActions(program: Command, environment: Environment): void {
  const command = program
    .command("actions")
    .description("register the data actions with Genesys Cloud; a second run changes nothing")
    .addOption(
      new Option("--api-url <url>", "https URL of `ringahead serve`").argParser(httpsOrigin),
    )
    .addOption(new Option("--function-arn <arn>", "the Lambda function").argParser(functionArn))
    .option("--integration <name or id>", "needed if the org has several of the action's type")
    .addOption(
      new Option(
        "--fields <names>",
        "further outputs, by their names in ORACLE_CUSTOMER_FIELDS: tier,segment",
      ).argParser(fieldNames),
    )
    .option("--dry-run", "print what would be done, and change nothing")
    .option("--print", "print the definitions, and make no request")
    .option("--json", "JSON instead of text")
    .action(async (args: ActionsArgs) => {
      const { httpAction, lambdaAction } = await import(
        "../operations/data-actions/definitions.ts"
      );
      const definitions = [
        ...(args.apiUrl === undefined ? [] : [httpAction(args.apiUrl, args.fields)]),
        ...(args.functionArn === undefined ? [] : [lambdaAction(args.functionArn, args.fields)]),
      ];
      if (definitions.length === 0) command.error("give --api-url, --function-arn, or both");
      const print = (line: string) => process.stdout.write(`${line}\n`);
      if (args.print === true) {
        print(JSON.stringify(definitions, undefined, 2));
      } else {
        await registerAll(definitions, args, environment, print);
      }
    });
  withAdministrator(command);
}

async function registerAll(
  definitions: readonly ActionDefinition[],
  args: ActionsArgs,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const { register } = await import("../operations/data-actions/register.ts");
  const { registry, close } = await openRegistry(environment, args);
  const { integration, json } = args;
  const dryRun = args.dryRun === true;
  try {
    for (const definition of definitions) {
      const registered = await register(registry, definition, { integration, dryRun });
      print(json ? JSON.stringify({ ...registered, dryRun }) : registeredText(registered, dryRun));
    }
  } finally {
    close();
  }
}

interface OpenRegistry {
  readonly registry: ActionRegistry;
  close(): void;
}

/** With an administrator's token if there is one, otherwise as the configured client. */
async function openRegistry(environment: Environment, args: ActionsArgs): Promise<OpenRegistry> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const isAdministrator = args.loginClient !== undefined || args.accessToken !== undefined;
  const { sdk, call, close } = isAdministrator
    ? await openAsAdministrator(environment, args, signal)
    : await openAsClient(environment, signal);
  const { genesysActions } = await import("../operations/data-actions/genesys-actions.ts");
  return {
    registry: genesysActions(sdk, call, systemClocks().epochNow),
    close() {
      stopping.abort();
      close();
    },
  };
}

async function openAsAdministrator(
  environment: Environment,
  args: ActionsArgs,
  signal: AbortSignal,
): Promise<BearerApi> {
  const [{ readSetupConfig }, { openWithBearer }] = await Promise.all([
    import("../config/read.ts"),
    import("../genesys/bearer.ts"),
  ]);
  const { GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } =
    await readSetupConfig(environment);
  const printStatus = (text: string) => void process.stderr.write(`${text}\n`);
  const prompt = { loginUrl, signal, printStatus, stdin: process.stdin };
  const token = (await administratorToken(args, prompt)) ?? "";
  return openWithBearer({ apiUrl, token, signal });
}

async function openAsClient(environment: Environment, signal: AbortSignal): Promise<BearerApi> {
  const [{ readGenesysConfig }, { openGenesys }, { createGenesysSdk }, { Priority }] =
    await Promise.all([
      import("../config/read.ts"),
      import("../app/apis.ts"),
      import("../genesys/sdk.ts"),
      import("../domain/call.ts"),
    ]);
  const config = await readGenesysConfig(environment);
  const clocks = systemClocks();
  const deps = { report: () => undefined, clocks, random: Math.random, signal, shared: undefined };
  const { send, close } = openGenesys(config, 1, deps);
  const sdk = createGenesysSdk(config.GENESYS_API_URL, send);
  const deadline = after(clocks.monotonicNow(), REGISTRATION_MS);
  return { sdk, call: { signal, priority: Priority.spare, deadline }, close };
}

const RESULTS = { created: "created", changed: "changed", nothing: "unchanged" } as const;

function registeredText({ action, integration, did }: Registered, dryRun: boolean): string {
  const isHypothetical = dryRun && did !== "nothing";
  return `${action}, in ${integration}: ${isHypothetical ? "would be " : ""}${RESULTS[did]}`;
}
