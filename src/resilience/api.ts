import type { ApiState, Capacity } from "../domain/api-state.ts";
import type { FailureSource } from "../domain/failure.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { type BreakerEvent, createBreaker } from "./breaker.ts";
import type { Budget, BudgetEvent } from "./budget/budget.ts";
import { createHttp } from "./http/client.ts";
import type { Network } from "./http/network.ts";
import { createLimiter } from "./limiter.ts";
import { protect } from "./protect.ts";
import type { Send } from "./sign-in/authorized.ts";
import { createSignIn, type Login } from "./sign-in/sign-in.ts";

export interface ApiOptions {
  readonly source: FailureSource;
  readonly baseUrl: string;
  /** Total time for one request. */
  readonly timeoutMs: number;
  /** Requests at once, and connections, at most. */
  readonly concurrency: number;
  /** The budget of requests; it is closed with the API. */
  readonly budget: Budget;
  readonly login: Login;
  /** Between here and both, API and token endpoint; straight where undefined. */
  readonly network?: Network | undefined;
  /** Epoch ms that never go back. */
  readonly now: () => number;
  readonly random: () => number;
  readonly report: Report;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/** One API that is asked under protection, with a login of its own. */
export interface Api {
  readonly send: Send;
  /**
   * Gets the token before the first request needs it.
   * @throws {Failure} where it is refused.
   */
  warm(): Promise<void>;
  state(): ApiState;
  /** What could be asked of it until `withinMs` from now, by this worker. */
  supply(withinMs: number): Capacity;
  /** Opens a connection where none is kept, with no request that would count. */
  connect(): void;
  /** As {@link Budget.limitReached}. */
  limitReached(): void;
  /** Closes connections and drops timers. */
  close(): void;
}

/** Builds the way to one API (`docs/explanation/protection.md`). */
export function createApi(options: ApiOptions): Api {
  const { source, timeoutMs, concurrency, budget, now, random, report, signal } = options;
  const open = (origin: string, connections: number) =>
    createHttp({ source, baseUrl: origin, timeoutMs, connections, network: options.network });
  const http = open(options.baseUrl, concurrency);
  const signIn = createSignIn({
    source,
    login: options.login,
    open: (origin) => open(origin, 1),
    onChanged: (variable) => report("secret.changed", { source, variable }),
    now,
    signal,
  });
  const limiter = createLimiter({ source, concurrency, budget, now });
  const breaker = createBreaker({ source, now, report: reportBreaker(source, report) });
  return {
    send: protect({ source, http, signIn, limiter, breaker, report, now, random }),
    warm: signIn.warm,
    state: () => ({
      source,
      breaker: breaker.state(),
      budget: budget.state(),
      waiting: limiter.waiting,
    }),
    supply(withinMs) {
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

/** What a budget tells of itself, as facts about one API. */
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
