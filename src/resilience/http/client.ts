import axios, { AxiosHeaders } from "axios";
import { Failure, type FailureSource } from "../../domain/failure.ts";
import { connectionCode } from "./connection-code.ts";
import { createAgents, type Network } from "./network.ts";
import { failureOfConnection } from "./unreached.ts";

/** One request, relative to the client's base URL. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`; parts of it that are data are already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it stands: `JSON.stringify` or a form, with its `content-type` among the headers. */
  readonly body?: string;
}

/** An answer, whatever its status. Header names are lower case; the body is not yet read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Http {
  /**
   * @throws {Failure} `timeout`, `network`, `certificate`, `proxy` or `aborted`, never for a status. The failure holds
   * neither headers nor body: an axios error would carry the bearer token.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Opens a connection and keeps it, where none is kept; what fails is seen by the next request. */
  connect(): void;
  /** Closes the connections that are kept alive. */
  close(): void;
}

export interface HttpOptions {
  readonly source: FailureSource;
  /** An origin, with a path prefix where the site has one. */
  readonly baseUrl: string;
  /** Total time for one request, from connect to the last byte. axios' own is for inactivity only. */
  readonly timeoutMs: number;
  /** How many connections at most. */
  readonly connections: number;
  /** What lies in between; nothing unless told. */
  readonly network?: Network | undefined;
}

const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/** An HTTP client for one origin: connections kept alive, a total deadline for each request. */
export function createHttp(options: HttpOptions): Http {
  const { close, ...agents } = createAgents(options.network ?? {}, options.connections);
  const client = axios.create({
    baseURL: options.baseUrl.replace(/\/+$/, ""),
    ...agents,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    responseType: "text",
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
    validateStatus: () => true,
    headers: { "user-agent": "ringahead", accept: "application/json" },
  });

  return {
    async send(request, signal) {
      // Timer and listener are dropped with the answer; those of `AbortSignal` itself outlive it.
      const ending = new AbortController();
      const end = () => ending.abort();
      const timer = setTimeout(end, options.timeoutMs);
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      try {
        const answer = await client.request<string>({
          method: request.method,
          url: request.path,
          headers: { ...request.headers },
          ...(request.body === undefined ? {} : { data: request.body }),
          signal: ending.signal,
        });
        return { status: answer.status, headers: plain(answer.headers), text: answer.data ?? "" };
      } catch (error) {
        const what = `${request.method} ${options.baseUrl}${request.path.split("?")[0]}`;
        if (signal.aborted) throw abortedFailure(options.source, what);
        if (ending.signal.aborted) throw tooSlow(options, what);
        throw failureOf(error, options.source, what);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
      }
    },
    connect() {
      const kept = Object.values(agents).some(({ freeSockets, sockets }) =>
        [freeSockets, sockets].some((pool) => Object.keys(pool).length > 0),
      );
      // Without a token: it is refused, and counts for nobody.
      if (!kept) client.head("/", { timeout: options.timeoutMs }).catch(() => undefined);
    },
    close,
  };
}

function plain(headers: unknown): Record<string, string> {
  const plainHeaders: Record<string, string> = {};
  for (const [name, value] of Object.entries(AxiosHeaders.from(headers as AxiosHeaders).toJSON())) {
    plainHeaders[name.toLowerCase()] = String(value);
  }
  return plainHeaders;
}

/** The failure of a call that nobody waits for any longer. */
export function abortedFailure(source: FailureSource, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source,
    message: `${what} was called off`,
    cure: "Nothing: its conversation ended, or the worker is stopping.",
  });
}

function tooSlow({ source, timeoutMs }: HttpOptions, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "timeout",
    source,
    message: `${what} had not answered in full after ${timeoutMs} ms`,
    cure: "If this goes on, look at the other side's response times, or raise its time-out.",
  });
}

function failureOf(thrown: unknown, source: FailureSource, what: string): Failure {
  const code = axios.isAxiosError(thrown) ? (thrown.code ?? "no code") : "no code";
  if (code === "ERR_BAD_RESPONSE") {
    return new Failure({
      kind: "retryable",
      code: "malformed_answer",
      source,
      message: `${what} sent an answer that was cut off, or larger than ${LARGEST_ANSWER_BYTES} bytes`,
      cure: "Check what answers at this address: a proxy may stand in between.",
    });
  }
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return failureOfConnection(connectionCode(cause) ?? code, cause, { source, what });
}
