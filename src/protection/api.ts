import type { FailureSource } from "../failure.ts";
import { authorized, type Send } from "../http/authorized.ts";
import { createHttp } from "../http/client.ts";
import { createTokenCache, type TokenCache } from "../http/token.ts";
import { createLimiter } from "./limiter.ts";
import { protect } from "./protect.ts";

export interface ApiOptions {
  readonly source: FailureSource;
  readonly baseUrl: string;
  /** Total time for one request. */
  readonly timeoutMs: number;
  /** Requests at once, and connections, at most. */
  readonly concurrency: number;
  readonly requestsPerMinute: number | undefined;
  readonly login: {
    readonly origin: string;
    readonly path: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly scope: string | undefined;
  };
  readonly now: () => number;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/** One API that is asked under protection, with a bearer token of its own. */
export interface Api {
  readonly send: Send;
  readonly tokens: TokenCache;
  /** Closes connections and drops timers. */
  close(): void;
}

/** Builds the way to one API: bearer token, then budget, then the request with its deadline. */
export function createApi(options: ApiOptions): Api {
  const { source, timeoutMs, concurrency, requestsPerMinute, now, signal } = options;
  const { origin, path, clientId, clientSecret, scope } = options.login;
  const api = createHttp({
    source,
    baseUrl: options.baseUrl,
    timeoutMs,
    connections: concurrency,
  });
  const login = createHttp({ source, baseUrl: origin, timeoutMs, connections: 1 });
  const limiter = createLimiter({ source, concurrency, requestsPerMinute });
  const tokens = createTokenCache({
    http: login,
    path,
    source,
    clientId,
    clientSecret,
    scope,
    now,
    signal,
  });
  return {
    send: authorized(protect(api, limiter), tokens),
    tokens,
    close() {
      limiter.close();
      api.close();
      login.close();
    },
  };
}
