import { setTimeout as sleep } from "node:timers/promises";
import { type Call, Priority } from "../domain/call.ts";
import { Failure } from "../domain/failure.ts";
import { epochMs } from "../domain/time.ts";
import { createHttp } from "../resilience/http/client.ts";
import { waitAskedMs } from "../resilience/http/status.ts";
import type { Send } from "../resilience/sign-in/authorized.ts";
import { createGenesysSdk, type GenesysSdk } from "./sdk.ts";

export interface BearerOptions {
  readonly apiUrl: string;
  /** Of a person who has signed in; it is not renewed. */
  readonly token: string;
  /** Calls everything off. */
  readonly signal: AbortSignal;
  /** Waits, unless the signal ends it; on the machine's clock unless told. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The Platform API in the hands of a person. */
export interface BearerApi {
  readonly sdk: GenesysSdk;
  /** What each request is made on behalf of. */
  readonly call: Call;
  close(): void;
}

const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
const TRIES = 3;

/**
 * The Platform API with a person's token, for a few dozen requests. It waits where Genesys Cloud asks for
 * that (429), and repeats nothing else: a change whose answer was lost may have been made.
 */
export function openWithBearer(options: BearerOptions): BearerApi {
  const { apiUrl, token, signal, pause = waitOnClock } = options;
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
      if (answer.status !== 429 || attempt === TRIES) return answer;
      const waitMs = waitAskedMs(answer, epochMs(Date.now())) ?? LONGEST_WAIT_MS;
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

async function waitOnClock(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

function refusedToken(apiUrl: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "unauthorized",
    source: "genesys",
    status: 401,
    message: `${apiUrl} refused the administrator's token`,
    cure: "It has expired, was revoked, or is of another region than GENESYS_REGION: sign in again.",
  });
}
