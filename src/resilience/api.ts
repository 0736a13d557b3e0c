import type { ApiState, Capacity } from "../domain/api-state.ts";
import type { FailureSource } from "../domain/failure.ts";
import type { Clocks } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { createBreaker } from "./breaker.ts";
import type { BreakerEvent } from "./breaker-state.ts";
import type { Budget, BudgetEvent } from "./budget/budget.ts";
import { createHttp } from "./http/client.ts";
import type { Network } from "./http/network.ts";
import { createLimiter } from "./limiter.ts";
import { observe } from "./observe.ts";
import { protect } from "./protect.ts";
import type { Send } from "./sign-in/authorized.ts";
import { createSignIn, type Login } from "./sign-in/sign-in.ts";

interface ApiOptions {
  readonly source: FailureSource;
  readonly baseUrl: string;
  /** Total time for one request. */
  readonly timeoutMs: number;
  /** The most requests, and connections, at once. */
  readonly concurrency: number;
  readonly login: Login;
  /** The way to the API and to its token endpoint; direct if undefined. */
  readonly network?: Network | undefined;
}

/** What the protection of one API works with. */
interface ProtectionDeps {
  /** Limits the requests. The API closes it. */
  readonly budget: Budget;
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
  readonly report: Report;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/** One API behind protection, with its own login. */
export interface Api {
  readonly send: Send;
  /**
   * Gets the token before the first request needs it.
   * @throws {Failure} if the token is refused.
   */
  warm(): Promise<void>;
  state(): ApiState;
  /** The requests that this worker could send until `withinMs` from now. */
  capacity(withinMs: number): Capacity;
  /** Opens a connection if none is open, without a request that counts. */
  connect(): void;
  /** See {@link Budget.limitReached}. */
  limitReached(): void;
  /** Closes connections and budget, and ends all timers. */
  close(): void;
}

/** Builds the protected client of one API (`docs/explanation/protection.md`). */
export function createApi(options: ApiOptions, deps: ProtectionDeps): Api {
  const { source, timeoutMs, concurrency } = options;
  const { budget, clocks, random, report, signal } = deps;
  const { monotonicNow } = clocks;
  const open = (origin: string, connections: number) =>
    createHttp({ source, baseUrl: origin, timeoutMs, connections, network: options.network });
  const http = open(options.baseUrl, concurrency);
  const signIn = createSignIn({
    source,
    login: options.login,
    open: (origin) => open(origin, 1),
    onChanged: (variable) => report("secret.changed", { source, variable }),
    clocks,
    signal,
  });
  const limiter = createLimiter({ source, concurrency, budget, monotonicNow });
  const breaker = createBreaker({ source, clocks, report: reportBreaker(source, report) });
  const send = observe(http, { source, report, monotonicNow });
  return {
    send: protect({ send, signIn, limiter, breaker, clocks, random }),
    warm: signIn.warm,
    state: () => ({
      source,
      breaker: breaker.state(),
      budget: budget.state(),
      waiting: limiter.waiting,
    }),
    capacity(withinMs) {
      const { limit = Number.POSITIVE_INFINITY, workers, pausedForMs } = budget.state();
      return {
        perMinute: limit / workers,
        free: budget.free(withinMs),
        freeNow: budget.free(0),
        pausedForMs,
      };
    },
    connect: () => http.connect(),
    limitReached: () => budget.limitReached(),
    close() {
      void limiter.close();
      budget.close();
      http.close();
      signIn.close();
    },
  };
}

function reportBreaker(source: FailureSource, report: Report): (event: BreakerEvent) => void {
  return (event) => {
    switch (event.to) {
      case "open":
        report("breaker.opened", { ...failedFields(event.because), source, forMs: event.forMs });
        return;
      case "probing":
        report("breaker.probing", { source });
        return;
      case "closed":
        report("breaker.closed", { source, afterMs: event.afterMs });
    }
  };
}

/** Reports the events of one API's budget as facts. */
export function reportBudget(source: FailureSource, report: Report): (event: BudgetEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "paused":
        report("limiter.paused", { source, forMs: event.forMs });
        return;
      case "limited":
        report("limiter.limited", { source, limit: event.limit, before: event.before });
        return;
      case "foreign":
        report("limiter.foreign", { source, count: event.count });
        return;
      case "degraded":
        report("fleet.apart", { source, reason: event.because });
        return;
      case "shared":
        report("fleet.together", { source, workers: event.workers });
    }
  };
}
