import { setTimeout as sleep } from "node:timers/promises";
import type { RateLimitInfo } from "../../src/resilience/budget/budget.ts";
import {
  createRateWindow,
  type WindowPolicy,
} from "../../src/sandbox/simulators/genesys-cloud/rate-window.ts";

/** A server that only counts requests, with the rate window of the Genesys simulator. */
export interface CountedServer {
  /** Sends one request. */
  request(): Promise<RateLimitInfo>;
  /** Number of admitted and of refused requests. */
  readonly admitted: number;
  readonly refused: number;
  limit: number;
}

export interface CountedServerOptions {
  readonly policy: WindowPolicy;
  readonly windowMs: number;
  readonly limit: number;
}

export function createCountedServer(options: CountedServerOptions): CountedServer {
  const window = createRateWindow(options.policy, options.windowMs);
  let admitted = 0;
  let refused = 0;
  const server = {
    limit: options.limit,
    get admitted() {
      return admitted;
    },
    get refused() {
      return refused;
    },
    async request(): Promise<RateLimitInfo> {
      await sleep(2 + Math.random() * 4);
      const verdict = window.judge(Date.now(), server.limit);
      if (verdict.admitted) admitted += 1;
      else refused += 1;
      await sleep(2 + Math.random() * 4);
      const resetMs = Math.ceil(verdict.resetMs / 1000) * 1000;
      const info = { allowed: server.limit, count: verdict.count, resetMs };
      return verdict.admitted ? info : { ...info, pauseMs: resetMs };
    },
  };
  return server;
}
