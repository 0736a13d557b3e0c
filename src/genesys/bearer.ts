import { Failure } from "../failure.ts";
import type { Send } from "../http/authorized.ts";
import { createHttp } from "../http/client.ts";
import { waitAskedMs } from "../http/status.ts";

export interface BearerOptions {
  readonly apiUrl: string;
  /** Of a person who has signed in; it is not renewed. */
  readonly token: string;
  /** Waits, unless the signal ends it. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Epoch ms. */
  readonly now: () => number;
}

const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
const TRIES = 3;

/**
 * The Platform API with a person's token, for a few dozen requests. It waits where Genesys Cloud asks for
 * that (429), and repeats nothing else: a change whose answer was lost may have been made.
 */
export function openWithBearer(options: BearerOptions): { send: Send; close(): void } {
  const { apiUrl, token, pause, now } = options;
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
      const waitMs = answer.status === 429 ? (waitAskedMs(answer, now()) ?? LONGEST_WAIT_MS) : 0;
      if (answer.status !== 429 || attempt === TRIES || waitMs > LONGEST_WAIT_MS) return answer;
      await pause(waitMs, call.signal);
    }
  };
  return { send, close: () => http.close() };
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
