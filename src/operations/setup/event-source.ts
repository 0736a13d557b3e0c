import {
  DescribeEventSourceCommand,
  type DescribeEventSourceResponse,
  type EventBridgeClient,
  ListEventSourcesCommand,
} from "@aws-sdk/client-eventbridge";
import { GENESYS_SOURCES } from "../../domain/event/event-source-name.ts";
import { Failure } from "../../domain/failure.ts";
import type { EventSourceSeen } from "./plan/event-source-seen.ts";

export interface EventSourceOptions {
  /** In the account and region that the integration sends to. */
  readonly bridge: EventBridgeClient;
  /** `aws.partner/genesys.com/cloud/<org>/<suffix>` */
  readonly name: string;
  /** How long to wait for it, in ms; 0 looks once. */
  readonly patienceMs: number;
  /** Rejects where the signal is aborted meanwhile, as `node:timers/promises` does. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** ms that never go back. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called before each pause. @param waitedMs so far */
  readonly onWaiting: (waitedMs: number) => void;
}

const ACTIONS = "events:DescribeEventSource and events:ListEventSources";
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** All tries of one question together. */
const ANSWER_MS = 20_000;

/**
 * Waits until the partner event source that Genesys Cloud makes for its integration is in this
 * account and region, by asking with growing pauses.
 * @throws {Failure} where EventBridge may not be asked or is not reached, where the source was
 * deleted, or when the signal is aborted.
 */
export async function awaitEventSource(options: EventSourceOptions): Promise<EventSourceSeen> {
  const { name, patienceMs, pause, now, signal, onWaiting } = options;
  const startedAt = now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const seen = await look(options);
    if (seen !== undefined) return seen;
    const waitedMs = now() - startedAt;
    if (waitedMs >= patienceMs) return { state: "absent", others: await others(options) };
    onWaiting(waitedMs);
    await pause(Math.min(pauseMs, patienceMs - waitedMs), signal).catch((error: unknown) => {
      throw signal.aborted ? calledOff(name) : error;
    });
  }
}

/** Undefined: not there yet. */
async function look({
  bridge,
  name,
  signal,
}: EventSourceOptions): Promise<EventSourceSeen | undefined> {
  const answer = await ask(signal, name, (abortSignal) =>
    bridge.send(new DescribeEventSourceCommand({ Name: name }), { abortSignal }),
  );
  return answer === undefined ? undefined : seenIn(answer, name);
}

/** [pure] By the states of "EventSource" (Amazon EventBridge API Reference). */
function seenIn(
  { State, ExpirationTime }: DescribeEventSourceResponse,
  name: string,
): EventSourceSeen {
  if (State === "PENDING" || State === "ACTIVE") {
    return { state: State, ...(ExpirationTime === undefined ? {} : { expiresAt: ExpirationTime }) };
  }
  throw new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "genesys",
    message: `the event source ${name} is ${State ?? "in no state"}: Genesys Cloud has taken it back`,
    cure: "Delete its event bus, which gets nothing any more. Then give the integration another suffix, or switch it off and on, so that Genesys Cloud makes a new source.",
  });
}

async function others({ bridge, name, signal }: EventSourceOptions): Promise<readonly string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ask(signal, name, (abortSignal) =>
      bridge.send(new ListEventSourcesCommand({ NamePrefix: GENESYS_SOURCES, NextToken }), {
        abortSignal,
      }),
    );
    found.push(...(page?.EventSources ?? []).flatMap(({ Name }) => Name ?? []));
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return found.filter((other) => other !== name);
}

/** @returns undefined where EventBridge knows no such thing. */
async function ask<T>(
  signal: AbortSignal,
  name: string,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send(AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
  } catch (error) {
    if (signal.aborted) throw calledOff(name);
    const code = error instanceof Error ? error.name : "unknown error";
    if (code === "ResourceNotFoundException") return undefined;
    throw failureOf(code, error);
  }
}

function calledOff(name: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source: "worker",
    message: `the wait for the event source ${name} was called off`,
    cure: "Run the command again: it goes on from what is there.",
  });
}

/** By "Common errors" of the Amazon EventBridge API Reference, and the SDK's own. */
function failureOf(code: string, error: unknown): Failure {
  if (/^AccessDenied/.test(code)) {
    return new Failure({
      kind: "misconfigured",
      code: "forbidden",
      source: "worker",
      message: `EventBridge may not be asked for event sources (${code})`,
      cure: `Allow ${ACTIONS} to whoever runs this command.`,
    });
  }
  if (code === "CredentialsProviderError") {
    return new Failure({
      kind: "misconfigured",
      code: "unauthorized",
      source: "worker",
      message: "EventBridge cannot be asked: no AWS credentials were found",
      cure: `Give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, of somebody who is allowed ${ACTIONS}.`,
    });
  }
  if (
    /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|ExpiredToken|NotAuthorized|OptInRequired)/.test(
      code,
    )
  ) {
    return new Failure({
      kind: "misconfigured",
      code: "unauthorized",
      source: "worker",
      message: `EventBridge refused the AWS credentials (${code})`,
      cure: "Sign in to AWS again, and check this machine's clock and AWS_REGION.",
    });
  }
  if (code === "OperationDisabledException") {
    return new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: "EventBridge has no partner event sources in this region",
      cure: "Choose a region that the integration offers, there and in AWS_REGION.",
    });
  }
  const errno = error instanceof Error && "code" in error ? String(error.code) : code;
  const told = /^[\w.]{1,100}$/.test(errno) ? errno : "unknown error";
  return new Failure({
    kind: "retryable",
    code: code === "TimeoutError" || code === "AbortError" ? "timeout" : "network",
    source: "worker",
    message: `EventBridge could not be asked (${told})`,
    cure: "Check that EventBridge can be reached from here (AWS_REGION, AWS_ENDPOINT_URL, proxy), then run the command again.",
  });
}
