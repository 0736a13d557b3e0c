import { setTimeout as sleep } from "node:timers/promises";
import type { RateLimitInfo } from "../../src/resilience/budget/budget.ts";
import {
  createRateWindow,
  type WindowPolicy,
} from "../../src/sandbox/simulators/genesys-cloud/rate-window.ts";

/** What stands for the API where only its counting matters: the simulator's own window. */
export interface CountedServer {
  /** One request, there and back. */
  request(): Promise<RateLimitInfo>;
  /** Requests that were let in, and those that were refused. */
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
      const told = { allowed: server.limit, count: verdict.count, resetMs };
      return verdict.admitted ? told : { ...told, pauseMs: resetMs };
    },
  };
  return server;
}
