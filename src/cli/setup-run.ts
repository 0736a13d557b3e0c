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
import { genesysChanges } from "../operations/setup/org/changes.ts";
import type { DesiredState } from "../operations/setup/plan/desired-state.ts";
import type { EventSourceSeen } from "../operations/setup/plan/event-source-seen.ts";
import { adminNeeds, type Need } from "../operations/setup/plan/permissions.ts";
import type { Step } from "../operations/setup/plan/step.ts";
import { doneText, nextText, planText, type SetupOutcome } from "../operations/setup/plan/text.ts";
import { secretFile } from "../operations/setup/secret/file.ts";
import { managedSecret } from "../operations/setup/secret/managed.ts";
import type { SecretPlace } from "../operations/setup/secret/place.ts";
import { trySecret } from "../operations/setup/secret/state.ts";
import { type SetUp, setUp } from "../operations/setup/set-up.ts";
import { administratorToken } from "./administrator.ts";
import { desiredStateOf, requestedRegion, type SetupArgs } from "./setup-desired-state.ts";
import { untilStopped } from "./stopping.ts";

/** Where the command reads and writes, and how it waits. */
export interface SetupTerminal {
  readonly stdin: Readable;
  readonly print: (text: string) => void;
  /** For what is no result: what is being waited for. */
  readonly say: (text: string) => void;
  /** Waits, unless the signal ends it. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** ms that never go back. */
  readonly now: () => number;
}

/** Genesys Cloud makes the event source within moments; more than this, and something is wrong. */
const SOURCE_MS = 2 * 60_000;

/**
 * `ringahead setup`.
 * @returns whether nothing stands in the way: the plan is whole, or has been carried out.
 * @throws {Failure}
 */
export async function runSetup(
  environment: Environment,
  given: SetupArgs,
  terminal: SetupTerminal,
): Promise<boolean> {
  const must = given.apiUrl === undefined ? [] : (["LOOKUP_SECRET"] as const);
  const config = await readSetupConfig(environment, must);
  const stopping = untilStopped();
  const { signal } = stopping;
  try {
    const { stdin, say } = terminal;
    const loginUrl = config.GENESYS_LOGIN_URL;
    const token = await administratorToken(given, { loginUrl, stdin, say, signal });
    if (token === undefined) throw nobody();
    return await withToken(token, { given, config, terminal, signal });
  } catch (error) {
    throw signal.aborted ? interrupted(error) : error;
  } finally {
    stopping.forget();
  }
}

/** What was called off, in words for who did it: a call's own are for a worker's log. */
function interrupted(error: unknown): unknown {
  const isFailure = error instanceof Failure;
  const calledOff = isFailure
    ? error.code === "aborted"
    : error instanceof Error && error.name === "AbortError";
  if (!calledOff) return error;
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source: "worker",
    message: isFailure ? error.message : "the wait for Genesys Cloud was called off",
    cure: "Run the command again: what was done stays, and the rest is planned anew.",
  });
}

function nobody(): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "unauthorized",
    source: "worker",
    message: "no administrator has signed in",
    cure: "Give --login-client <id>, or --access-token - with a token on standard input (docs/how-to/genesys.md).",
  });
}

interface Running {
  readonly given: SetupArgs;
  readonly config: SetupConfig;
  readonly terminal: SetupTerminal;
  readonly signal: AbortSignal;
}

async function withToken(token: string, running: Running): Promise<boolean> {
  const { given, config, terminal, signal } = running;
  const { pause } = terminal;
  const clocks = systemClocks();
  const { GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } = config;
  const { sdk, call, close } = openWithBearer({ apiUrl, token, signal, pause });
  const api = createPlatformApi(sdk, call, clocks.epochNow);
  const place = placeOf(running);
  const wish = desiredStateOf(given, config);
  const dryRun = given.apply !== true;
  const print = given.json === true ? () => undefined : terminal.print;
  try {
    const { result, plan, organization, made } = await setUp({
      reading: { sdk, api, registry: genesysActions(sdk, call, clocks.epochNow) },
      changes: genesysChanges(sdk, api),
      ...{ place, wish, dryRun, pause, signal },
      trySecret: (clientId, secret) => trySecret({ loginUrl, clientId, secret, signal, clocks }),
      planned: (planned, picture) => print(planText(planned, picture)),
      done: (step) => print(doneText(step)),
      settling: () => terminal.say("Genesys Cloud does not know of the grant everywhere yet."),
    });
    const told = {
      result,
      organization,
      steps: plan.steps,
      missing: plan.missing.map((need) => adminNeeds[need]),
      made,
    };
    if (result !== "done") {
      if (given.json) terminal.print(resultJson(told));
      print(
        result === "planned"
          ? "Nothing was changed: --apply carries it out."
          : "Nothing was changed.",
      );
      return result === "planned";
    }
    const source = await seeEventSource(organization.id, wish, running);
    const next: SetupOutcome = {
      genesysClientId: made.clientIds.worker,
      panelClientId: made.clientIds.panel,
      secret: await place.reference(),
      ...{ region: wish.aws.region, ...source },
    };
    if (given.json) terminal.print(resultJson({ ...told, next }));
    print(nextText(next));
    return source.eventSource !== undefined && source.eventSource.state !== "absent";
  } finally {
    close();
  }
}

function placeOf({ given, config }: Running): SecretPlace {
  if (given.secretFile !== undefined) return secretFile(given.secretFile, randomUUID);
  return managedSecret(given.secret, {
    region: requestedRegion(given, config),
    endpoint: config.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? config.AWS_ENDPOINT_URL,
  });
}

/** What cannot be looked at is told, and takes nothing back. */
async function seeEventSource(
  organizationId: string,
  { aws }: DesiredState,
  { given, config, terminal, signal }: Running,
): Promise<{ eventSourceName: string; eventSource: EventSourceSeen | undefined }> {
  const name = eventSourceName(organizationId, aws.suffix);
  const bridge = openEventBridge(aws.region, config);
  try {
    const eventSource = await awaitEventSource({
      ...{ bridge, name, signal, patienceMs: given.apply === true ? SOURCE_MS : 0 },
      pause: terminal.pause,
      now: terminal.now,
      onWaiting: (waitedMs) =>
        terminal.say(`The event source is not there yet (${Math.round(waitedMs / 1000)} s).`),
    });
    return { eventSourceName: name, eventSource };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "aborted") throw error;
    terminal.say(`${error.message}\n  ${error.cure}`);
    return { eventSourceName: name, eventSource: undefined };
  } finally {
    bridge.destroy();
  }
}

interface Told extends Pick<SetUp, "result" | "organization" | "made"> {
  readonly steps: readonly Step[];
  readonly missing: readonly Need[];
  readonly next?: SetupOutcome;
}

/** [pure] Deeds are left out: they are how, and may hold a credential. */
function resultJson({ steps, ...told }: Told): string {
  return JSON.stringify({
    ...told,
    steps: steps.map(({ deeds: _, ...step }) => step),
  });
}
