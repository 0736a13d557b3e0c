import axios, { AxiosHeaders } from "axios";
import { Failure, type FailureSource } from "../../domain/failure.ts";
import { connectionCode } from "./connection-code.ts";
import { createAgents, type Network } from "./network.ts";
import { failureOfConnection } from "./unreached.ts";

/** One request, relative to the base URL of the client. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`. Data in it is already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent unchanged: JSON or a form, with its `content-type` in `headers`. */
  readonly body?: string;
}

/** An answer of any status. Header names are lower case; the body is not parsed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Http {
  /**
   * @throws {Failure} `timeout`, `network`, `certificate`, `proxy`, `malformed_answer` or `aborted`, never
   * for a status. It holds neither headers nor body: an axios error would carry the bearer token.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Opens a connection if none is open. Reports no failure: the next request shows it. */
  connect(): void;
  /** Closes the kept-alive connections. */
  close(): void;
}

interface HttpOptions {
  readonly source: FailureSource;
  /** An origin, with the path prefix of the site if it has one. */
  readonly baseUrl: string;
  /** Total time for one request, from connect to the last byte. (axios measures inactivity only.) */
  readonly timeoutMs: number;
  /** The most connections at once. */
  readonly connections: number;
  /** Proxy and certificates; a direct connection if undefined. */
  readonly network?: Network | undefined;
}

const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/** An HTTP client for one origin, with kept-alive connections and a total time-out for each request. */
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
      // Timer and listener end with the answer; those of `AbortSignal.timeout` and `any` would outlive it.
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
        return {
          status: answer.status,
          headers: plainHeaders(answer.headers),
          text: answer.data ?? "",
        };
      } catch (error) {
        const what = `${request.method} ${options.baseUrl}${request.path.split("?")[0]}`;
        if (signal.aborted) throw abortedFailure(options.source, what);
        if (ending.signal.aborted) throw timeoutFailure(options, what);
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
      // Without a token the request is refused and counts against no budget.
      if (!kept) client.head("/", { timeout: options.timeoutMs }).catch(() => undefined);
    },
    close,
  };
}

function plainHeaders(headers: unknown): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(AxiosHeaders.from(headers as AxiosHeaders).toJSON())) {
    plain[name.toLowerCase()] = String(value);
  }
  return plain;
}

/** The failure of a call whose signal is aborted. */
export function abortedFailure(source: FailureSource, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source,
    message: `${what} was called off`,
    cure: "Nothing: its conversation ended, or the worker is stopping.",
  });
}

function timeoutFailure({ source, timeoutMs }: HttpOptions, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "timeout",
    source,
    message: `${what} sent no complete answer within ${timeoutMs} ms`,
    cure: "If this is frequent, check the API's response times, or raise its time-out.",
  });
}

function failureOf(thrown: unknown, source: FailureSource, what: string): Failure {
  const code = axios.isAxiosError(thrown) ? (thrown.code ?? "no code") : "no code";
  if (code === "ERR_BAD_RESPONSE") {
    return new Failure({
      kind: "retryable",
      code: "malformed_answer",
      source,
      message: `${what} sent an incomplete answer, or one of more than ${LARGEST_ANSWER_BYTES} bytes`,
      cure: "Check what answers at this address: it may be a proxy.",
    });
  }
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return failureOfConnection(connectionCode(cause) ?? code, cause, { source, what });
}
