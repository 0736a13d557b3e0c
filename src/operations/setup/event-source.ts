import {
  DescribeEventSourceCommand,
  type DescribeEventSourceResponse,
  type EventBridgeClient,
  ListEventSourcesCommand,
} from "@aws-sdk/client-eventbridge";
import { GENESYS_SOURCES } from "../../domain/event/event-source-name.ts";
import { Failure, type FailureCode, type FailureKind } from "../../domain/failure.ts";
import type { EventSourceState } from "./plan/event-source-state.ts";

export interface EventSourceOptions {
  /** In the account and region that the integration sends to. */
  readonly bridge: EventBridgeClient;
  /** `aws.partner/genesys.com/cloud/<org>/<suffix>` */
  readonly name: string;
  /** How long to wait, in ms; 0: check once. */
  readonly patienceMs: number;
  /** Rejects if the signal is aborted, as `node:timers/promises` does. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Monotonic ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called before each pause. @param waitedMs so far */
  readonly onWaiting: (waitedMs: number) => void;
}

const ACTIONS = "events:DescribeEventSource and events:ListEventSources";
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** For one request with all its retries. */
const REQUEST_MS = 20_000;

/**
 * Waits until Genesys Cloud has created the integration's partner event source in this account and
 * region. Polls with growing pauses.
 * @returns `absent` if the source does not exist after `patienceMs`
 * @throws {Failure} if EventBridge denies access or cannot be reached, the source was deleted, or the
 * signal is aborted.
 */
export async function awaitEventSource(options: EventSourceOptions): Promise<EventSourceState> {
  const { name, patienceMs, pause, now, signal, onWaiting } = options;
  const startedAt = now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const found = await describeSource(options);
    if (found !== undefined) return found;
    const waitedMs = now() - startedAt;
    if (waitedMs >= patienceMs) return { state: "absent", others: await otherSources(options) };
    onWaiting(waitedMs);
    await pause(Math.min(pauseMs, patienceMs - waitedMs), signal).catch((error: unknown) => {
      throw signal.aborted ? interrupted(name) : error;
    });
  }
}

/** Undefined if the source does not exist yet. */
async function describeSource({
  bridge,
  name,
  signal,
}: EventSourceOptions): Promise<EventSourceState | undefined> {
  const answer = await request(signal, name, (abortSignal) =>
    bridge.send(new DescribeEventSourceCommand({ Name: name }), { abortSignal }),
  );
  return answer === undefined ? undefined : stateOf(answer, name);
}

/** [pure] The states of "EventSource" (Amazon EventBridge API Reference). */
function stateOf(
  { State, ExpirationTime }: DescribeEventSourceResponse,
  name: string,
): EventSourceState {
  if (State === "PENDING" || State === "ACTIVE") {
    return { state: State, ...(ExpirationTime === undefined ? {} : { expiresAt: ExpirationTime }) };
  }
  throw new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "genesys",
    message: `the event source ${name} is ${State ?? "in an unknown state"}: Genesys Cloud no longer sends to it`,
    cure: "Delete its event bus, which receives no events any more. Then give the integration another suffix, or deactivate and activate it, so that Genesys Cloud creates a new source.",
  });
}

async function otherSources({
  bridge,
  name,
  signal,
}: EventSourceOptions): Promise<readonly string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await request(signal, name, (abortSignal) =>
      bridge.send(new ListEventSourcesCommand({ NamePrefix: GENESYS_SOURCES, NextToken }), {
        abortSignal,
      }),
    );
    found.push(...(page?.EventSources ?? []).flatMap(({ Name }) => Name ?? []));
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return found.filter((other) => other !== name);
}

/** @returns undefined if EventBridge answers that the source does not exist */
async function request<T>(
  signal: AbortSignal,
  name: string,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send(AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]));
  } catch (error) {
    if (signal.aborted) throw interrupted(name);
    const code = error instanceof Error ? error.name : "unknown error";
    if (code === "ResourceNotFoundException") return undefined;
    throw failureOf(code, error);
  }
}

function interrupted(name: string): Failure {
  return failure(
    "retryable",
    "aborted",
    `the wait for the event source ${name} was interrupted`,
    "Run the command again: it continues from the current state.",
  );
}

/** By "Common errors" of the Amazon EventBridge API Reference, and the SDK's own. */
function failureOf(code: string, error: unknown): Failure {
  if (/^AccessDenied/.test(code)) {
    return failure(
      "misconfigured",
      "forbidden",
      `EventBridge denied access to its event sources (${code})`,
      `Allow ${ACTIONS} to the AWS identity that runs this command.`,
    );
  }
  if (code === "CredentialsProviderError") {
    return failure(
      "misconfigured",
      "unauthorized",
      "EventBridge cannot be asked: no AWS credentials were found",
      `Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, of an identity that is allowed ${ACTIONS}.`,
    );
  }
  if (
    /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|ExpiredToken|NotAuthorized|OptInRequired)/.test(
      code,
    )
  ) {
    return failure(
      "misconfigured",
      "unauthorized",
      `EventBridge refused the AWS credentials (${code})`,
      "Sign in to AWS again, and check this machine's clock and AWS_REGION.",
    );
  }
  if (code === "OperationDisabledException") {
    return failure(
      "misconfigured",
      "bad_request",
      "EventBridge has no partner event sources in this region",
      "Choose a region that the integration offers, in the integration and in AWS_REGION.",
    );
  }
  const errno = error instanceof Error && "code" in error ? String(error.code) : code;
  const safeErrno = /^[\w.]{1,100}$/.test(errno) ? errno : "unknown error";
  return failure(
    "retryable",
    code === "TimeoutError" || code === "AbortError" ? "timeout" : "network",
    `EventBridge could not be asked (${safeErrno})`,
    "Check that EventBridge can be reached from here (AWS_REGION, AWS_ENDPOINT_URL, proxy), then run the command again.",
  );
}

function failure(kind: FailureKind, code: FailureCode, message: string, cure: string): Failure {
  return new Failure({ kind, code, source: "worker", message, cure });
}
