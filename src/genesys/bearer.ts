import { setTimeout as sleep } from "node:timers/promises";
import { type Call, Priority } from "../domain/call.ts";
import { Failure } from "../domain/failure.ts";
import { epochMs } from "../domain/time.ts";
import { createHttp } from "../resilience/http/client.ts";
import { requestedWaitMs } from "../resilience/http/status.ts";
import type { Send } from "../resilience/sign-in/authorized.ts";
import { createGenesysSdk, type GenesysSdk } from "./sdk.ts";

export interface BearerOptions {
  readonly apiUrl: string;
  /** The token of a person who has signed in. It is not renewed. */
  readonly token: string;
  /** Aborts all requests. */
  readonly signal: AbortSignal;
  /** Waits until the time is over or the signal aborts. Default: a timer. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The Platform API as a person who has signed in may use it. */
export interface BearerApi {
  readonly sdk: GenesysSdk;
  /** The call that each request belongs to. */
  readonly call: Call;
  close(): void;
}

const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
const MOST_ATTEMPTS = 3;

/**
 * The Platform API with a person's token, for a few dozen requests. Only a 429 is retried, after the wait
 * that Genesys Cloud requires: if the answer to a change is lost, the change may have been made.
 */
export function openWithBearer(options: BearerOptions): BearerApi {
  const { apiUrl, token, signal, pause = waitForTimer } = options;
  const http = createHttp({
    source: "genesys",
    baseUrl: apiUrl,
    timeoutMs: TIMEOUT_MS,
    connections: 4,
  });
  const send: Send = async (request, call) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await http.send({ ...request, headers }, call.signal);
      if (answer.status === 401) throw refusedToken(apiUrl);
      if (answer.status !== 429 || attempt === MOST_ATTEMPTS) return answer;
      const waitMs = requestedWaitMs(answer, epochMs(Date.now())) ?? LONGEST_WAIT_MS;
      if (waitMs > LONGEST_WAIT_MS) return answer;
      await pause(waitMs, call.signal);
    }
  };
  return {
    sdk: createGenesysSdk(apiUrl, send),
    call: { signal, priority: Priority.live },
    close: () => http.close(),
  };
}

async function waitForTimer(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

function refusedToken(apiUrl: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "unauthorized",
    source: "genesys",
    status: 401,
    message: `${apiUrl} refused the administrator's token`,
    cure: "Sign in again. The token has expired, was revoked, or belongs to another region than GENESYS_REGION.",
  });
}
