import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { systemClocks } from "../app/clocks.ts";
import { openEventBridge } from "../app/event-bridge.ts";
import type { Environment, SetupConfig } from "../config/load.ts";
import { readSetupConfig } from "../config/read.ts";
import { eventSourceName } from "../domain/event/event-source-name.ts";
import { Failure } from "../domain/failure.ts";
import { openWithBearer } from "../genesys/bearer.ts";
import { createPlatformApi } from "../genesys/platform-api.ts";
import { genesysActions } from "../operations/data-actions/genesys-actions.ts";
import { awaitEventSource } from "../operations/setup/event-source.ts";
import { genesysOrgWriter } from "../operations/setup/org/org-writer.ts";
import type { DesiredState } from "../operations/setup/plan/desired-state.ts";
import type { EventSourceState } from "../operations/setup/plan/event-source-state.ts";
import { adminNeeds } from "../operations/setup/plan/permissions.ts";
import {
  appliedText,
  type DeploymentValues,
  nextStepsText,
  planText,
} from "../operations/setup/plan/text.ts";
import { secretFile } from "../operations/setup/secret/file.ts";
import { managedSecret } from "../operations/setup/secret/managed.ts";
import type { SecretPlace } from "../operations/setup/secret/place.ts";
import { trySecret } from "../operations/setup/secret/state.ts";
import { type SetUpOutcome, setUp } from "../operations/setup/set-up.ts";
import { administratorToken } from "./administrator.ts";
import type { SetupArgs } from "./setup-args.ts";
import { desiredStateOf, eventsRegion } from "./setup-desired-state.ts";
import { untilStopped } from "./stopping.ts";

/** Input, output and time of the command. */
export interface SetupTerminal {
  readonly stdin: Readable;
  /** Results, to standard output. */
  readonly print: (text: string) => void;
  /** Progress, to standard error. */
  readonly printStatus: (text: string) => void;
  /** Rejects if the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** Genesys Cloud creates the event source within seconds. */
const EVENT_SOURCE_WAIT_MS = 2 * 60_000;

/**
 * `ringahead setup`.
 * @returns whether the plan can be applied, or was applied and the event source exists
 * @throws {Failure}
 */
export async function runSetup(
  environment: Environment,
  args: SetupArgs,
  terminal: SetupTerminal,
): Promise<boolean> {
  const required = args.lookups.apiUrl === undefined ? [] : (["LOOKUP_SECRET"] as const);
  const config = await readSetupConfig(environment, required);
  const stopping = untilStopped();
  const { signal } = stopping;
  try {
    const { stdin, printStatus } = terminal;
    const loginUrl = config.GENESYS_LOGIN_URL;
    const prompt = { loginUrl, stdin, printStatus, signal };
    const token = await administratorToken(args.administrator, prompt);
    if (token === undefined) throw notSignedIn();
    return await setUpWithToken(token, { args, config, terminal, signal });
  } catch (error) {
    throw signal.aborted ? interrupted(error) : error;
  } finally {
    stopping.forget();
  }
}

/** The failure of an aborted call is made for a worker's log. This one is for a person. */
function interrupted(error: unknown): unknown {
  const isFailure = error instanceof Failure;
  const isAborted = isFailure
    ? error.code === "aborted"
    : error instanceof Error && error.name === "AbortError";
  if (!isAborted) return error;
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source: "worker",
    message: isFailure ? `interrupted: ${error.message}` : "interrupted",
    cure: "Run the command again: completed changes stay, and the rest is planned again.",
  });
}

function notSignedIn(): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "unauthorized",
    source: "worker",
    message: "no administrator has signed in",
    cure: "Give --login-client <id>, or --access-token - with a token on standard input (docs/how-to/genesys.md).",
  });
}

interface SetupRunDeps {
  readonly args: SetupArgs;
  readonly config: SetupConfig;
  readonly terminal: SetupTerminal;
  readonly signal: AbortSignal;
}

async function setUpWithToken(token: string, deps: SetupRunDeps): Promise<boolean> {
  const { args, config, terminal, signal } = deps;
  const { pause, printStatus } = terminal;
  const clocks = systemClocks();
  const { GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } = config;
  const { sdk, call, close } = openWithBearer({ apiUrl, token, signal, pause });
  const api = createPlatformApi(sdk, call, clocks.epochNow);
  const place = secretPlace(deps);
  const desired = desiredStateOf(args, config);
  const print = args.run.json ? () => undefined : terminal.print;
  try {
    const setUpDeps = {
      reading: { sdk, api, registry: genesysActions(sdk, call, clocks.epochNow) },
      writer: genesysOrgWriter(sdk, api),
      ...{ place, pause, signal },
      trySecret: (clientId: string, secret: string | undefined) =>
        trySecret({ loginUrl, clientId, secret, signal, clocks }),
      progress: {
        planned: (...planned: Parameters<typeof planText>) => print(planText(...planned)),
        applied: (...applied: Parameters<typeof appliedText>) => print(appliedText(...applied)),
        waitingForGrant: (waitMs: number) =>
          printStatus(
            `The role's grant is not effective everywhere yet. Next try in ${waitMs / 1000} s.`,
          ),
      },
    };
    const outcome = await setUp(setUpDeps, desired, !args.run.apply);
    const { result } = outcome;
    if (result !== "done") {
      if (args.run.json) terminal.print(outcomeJson(outcome));
      print(`Nothing was changed.${result === "planned" ? " Apply the plan with --apply." : ""}`);
      return result === "planned";
    }
    const values = await deploymentValues(outcome, desired, place, deps);
    if (args.run.json) terminal.print(outcomeJson(outcome, values));
    print(nextStepsText(values));
    return values.eventSource !== undefined && values.eventSource.state !== "absent";
  } finally {
    close();
  }
}

function secretPlace({ args, config }: SetupRunDeps): SecretPlace {
  const { secret } = args.client;
  if ("file" in secret) return secretFile(secret.file, randomUUID);
  return managedSecret(secret.nameOrArn, {
    region: eventsRegion(args, config),
    endpoint: config.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? config.AWS_ENDPOINT_URL,
  });
}

async function deploymentValues(
  { organization, ids }: SetUpOutcome,
  desired: DesiredState,
  place: SecretPlace,
  deps: SetupRunDeps,
): Promise<DeploymentValues> {
  const source = await findEventSource(organization.id, desired, deps);
  return {
    genesysClientId: ids.clientIds.worker,
    panelClientId: ids.clientIds.panel,
    secret: await place.reference(),
    ...{ region: desired.aws.region, ...source },
  };
}

/** A failure is only printed: everything is set up by then. */
async function findEventSource(
  organizationId: string,
  { aws }: DesiredState,
  { args, config, terminal, signal }: SetupRunDeps,
): Promise<{ eventSourceName: string; eventSource: EventSourceState | undefined }> {
  const name = eventSourceName(organizationId, aws.suffix);
  const bridge = openEventBridge(aws.region, config);
  try {
    const eventSource = await awaitEventSource({
      ...{ bridge, name, signal, patienceMs: args.run.apply ? EVENT_SOURCE_WAIT_MS : 0 },
      pause: terminal.pause,
      now: terminal.now,
      onWaiting: (waitedMs) =>
        terminal.printStatus(
          `Waiting for the event source (${Math.round(waitedMs / 1000)} s so far).`,
        ),
    });
    return { eventSourceName: name, eventSource };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "aborted") throw error;
    terminal.printStatus(`${error.message}\n  ${error.cure}`);
    return { eventSourceName: name, eventSource: undefined };
  } finally {
    bridge.destroy();
  }
}

/** [pure] The output of `--json`. Changes are left out: they may hold a credential. */
function outcomeJson(
  { result, organization, plan, ids }: SetUpOutcome,
  next?: DeploymentValues,
): string {
  return JSON.stringify({
    result,
    organization,
    missing: plan.missing.map((need) => adminNeeds[need]),
    made: ids,
    next,
    steps: plan.steps.map(({ thing, action, details, cure }) => ({
      thing,
      does: action,
      told: details,
      cure,
    })),
  });
}
