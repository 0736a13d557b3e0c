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

interface Given extends AdministratorArgs {
  readonly apiUrl?: string;
  readonly functionArn?: string;
  readonly integration?: string;
  readonly fields?: readonly string[];
  readonly dryRun?: true;
  readonly print?: true;
  readonly json?: true;
}

/** What one registration may take, several requests and waits for budget included. */
const PATIENCE_MS = 60_000;

/** Adds `ringahead actions`: registers the data actions with Genesys Cloud. */
export function addActions(program: Command, environment: Environment): void {
  const command = program
    .command("actions")
    .description("register the data actions with Genesys Cloud; a second run changes nothing")
    .addOption(
      new Option("--api-url <url>", "where `ringahead serve` is reached, https").argParser(
        httpsOrigin,
      ),
    )
    .addOption(new Option("--function-arn <arn>", "the Lambda function").argParser(functionArn))
    .option("--integration <name or id>", "which one, where the org has several of its type")
    .addOption(
      new Option(
        "--fields <names>",
        "further outputs, as ORACLE_CUSTOMER_FIELDS names them: tier,segment",
      ).argParser(fieldNames),
    )
    .option("--dry-run", "say what would be done, and change nothing")
    .option("--print", "print what would be registered, and ask nobody")
    .option("--json", "JSON instead of text")
    .action(async (given: Given, command: Command) => {
      const { httpAction, lambdaAction } = await import(
        "../operations/data-actions/definitions.ts"
      );
      const definitions = [
        ...(given.apiUrl === undefined ? [] : [httpAction(given.apiUrl, given.fields)]),
        ...(given.functionArn === undefined ? [] : [lambdaAction(given.functionArn, given.fields)]),
      ];
      if (definitions.length === 0) command.error("give --api-url, --function-arn, or both");
      const print = (line: string) => process.stdout.write(`${line}\n`);
      if (given.print === true) {
        print(JSON.stringify(definitions, undefined, 2));
      } else {
        await registerAll(definitions, given, environment, print);
      }
    });
  withAdministrator(command);
}

async function registerAll(
  definitions: readonly ActionDefinition[],
  given: Given,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const { register } = await import("../operations/data-actions/register.ts");
  const { registry, close } = await openRegistry(environment, given);
  const dryRun = given.dryRun === true;
  try {
    for (const definition of definitions) {
      const { integration } = given;
      const done = await register(registry, definition, { integration, dryRun });
      print(given.json === true ? JSON.stringify({ ...done, dryRun }) : sentence(done, dryRun));
    }
  } finally {
    close();
  }
}

/** With an administrator's token where one has signed in, else as the client that is configured. */
async function openRegistry(
  environment: Environment,
  given: Given,
): Promise<{ registry: ActionRegistry; close: () => void }> {
  const [{ readGenesysConfig, readSetupConfig }, { genesysActions }] = await Promise.all([
    import("../config/read.ts"),
    import("../operations/data-actions/genesys-actions.ts"),
  ]);
  const stopping = new AbortController();
  const { signal } = stopping;
  const clocks = systemClocks();
  const opened = ({ sdk, call, close }: BearerApi) => ({
    registry: genesysActions(sdk, call, clocks.epochNow),
    close() {
      stopping.abort();
      close();
    },
  });
  if (given.loginClient === undefined && given.accessToken === undefined) {
    const [{ openGenesys }, { createGenesysSdk }, { Priority }] = await Promise.all([
      import("../app/apis.ts"),
      import("../genesys/sdk.ts"),
      import("../domain/call.ts"),
    ]);
    const config = await readGenesysConfig(environment);
    const { send, close } = openGenesys(config, 1, {
      ...{ report: () => undefined, clocks, random: Math.random },
      ...{ signal, shared: undefined },
    });
    const sdk = createGenesysSdk(config.GENESYS_API_URL, send);
    const deadline = after(clocks.monotonicNow(), PATIENCE_MS);
    return opened({ sdk, call: { signal, priority: Priority.spare, deadline }, close });
  }
  const { openWithBearer } = await import("../genesys/bearer.ts");
  const { GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } =
    await readSetupConfig(environment);
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const asked = { loginUrl, signal, say, stdin: process.stdin };
  const token = (await administratorToken(given, asked)) ?? "";
  return opened(openWithBearer({ apiUrl, token, signal }));
}

function sentence({ action, integration, did }: Registered, dryRun: boolean): string {
  const words = { created: "created", changed: "changed", nothing: "as it should be" } as const;
  const told = dryRun && did !== "nothing" ? `would be ${words[did]}` : words[did];
  return `${action}, in ${integration}: ${told}`;
}
