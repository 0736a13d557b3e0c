import Bottleneck from "bottleneck";
import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterQueue, RateLimiterRedis } from "rate-limiter-flexible";
import { systemClocks } from "../src/app/clocks.ts";
import { Priority } from "../src/domain/call.ts";
import { createFleetBudget } from "../src/fleet/fleet-budget.ts";
import { connectRedis } from "../src/fleet/redis.ts";
import { createLocalBudget } from "../src/resilience/budget/local-budget.ts";
import type { HttpAnswer } from "../src/resilience/http/client.ts";
import { readRateLimitInfo } from "../src/resilience/http/rate-headers.ts";
import { createLimiter } from "../src/resilience/limiter.ts";
import type { Cell, WorkerTask } from "./limiter-cells.ts";

/** A limiter for one cell in one worker. */
export interface Strategy {
  run(send: () => Promise<HttpAnswer>): Promise<HttpAnswer>;
  close(): Promise<void> | void;
}

export interface StrategyArgs {
  readonly task: WorkerTask;
  readonly cell: Cell;
  /** Number of the worker process, and of its life. */
  readonly name: string;
  readonly concurrency: number;
}

const clocks = systemClocks();
const quiet = () => undefined;

async function ringahead({ task, cell, name, concurrency }: StrategyArgs): Promise<Strategy> {
  const { limit, windowMs } = task.scale;
  const amounts = { limit, windowMs, reserve: 0, timeoutMs: 2_000 };
  const shared =
    task.workers === 1
      ? undefined
      : await connectRedis({ url: task.redisUrl, cluster: false, report: quiet });
  const budget =
    shared === undefined
      ? createLocalBudget({
          ...{ limit, windowMs, reserve: 0, report: quiet },
          monotonicNow: clocks.monotonicNow,
        })
      : createFleetBudget({
          ...{ shared, name: cell.id, worker: name, amounts, report: quiet },
          now: clocks.monotonicNow,
        });
  const limiter = createLimiter({
    source: "genesys",
    concurrency,
    budget,
    monotonicNow: clocks.monotonicNow,
  });
  const { signal } = new AbortController();
  return {
    run: (send) =>
      limiter.run({ signal, priority: Priority.live }, send, (answer) =>
        readRateLimitInfo(answer, clocks.epochNow()),
      ),
    async close() {
      await limiter.close();
      budget.close();
      shared?.close();
    },
  };
}

type Settings = Bottleneck.ConstructorOptions;

async function bottleneck({ task, cell }: StrategyArgs, settings: Settings): Promise<Strategy> {
  const { hostname: host, port } = new URL(task.redisUrl);
  const clustered = {
    id: `bench-${cell.id}`,
    datastore: "ioredis",
    Redis,
    clientOptions: { host, port: Number(port) },
    heartbeatInterval: Math.min(5_000, task.scale.windowMs / 12),
  };
  const queue = new Bottleneck({ ...(task.workers === 1 ? {} : clustered), ...settings });
  queue.on("error", quiet);
  await queue.ready();
  return { run: (send) => queue.schedule(send), close: () => queue.disconnect(false) };
}

function minTime(args: StrategyArgs): Promise<Strategy> {
  const { windowMs, limit } = args.task.scale;
  return bottleneck(args, { minTime: (windowMs / limit) * 1.01 });
}

function refresh(args: StrategyArgs): Promise<Strategy> {
  const { windowMs, limit } = args.task.scale;
  return bottleneck(args, {
    reservoir: limit,
    reservoirRefreshAmount: limit,
    reservoirRefreshInterval: windowMs,
  });
}

function flexible({ task, cell }: StrategyArgs): Promise<Strategy> {
  const { limit, windowMs } = task.scale;
  const amounts = { points: limit, duration: windowMs / 1000, keyPrefix: `flexible-${cell.id}` };
  const client = task.workers === 1 ? undefined : new Redis(task.redisUrl);
  client?.on("error", quiet);
  const counter =
    client === undefined
      ? new RateLimiterMemory(amounts)
      : new RateLimiterRedis({ ...amounts, storeClient: client });
  const queue = new RateLimiterQueue(counter);
  return Promise.resolve({
    async run(send) {
      await queue.removeTokens(1);
      return send();
    },
    close: () => client?.disconnect(),
  });
}

export const strategies: Readonly<Record<string, (args: StrategyArgs) => Promise<Strategy>>> = {
  ringahead,
  "minTime +1 %": minTime,
  "reservoir refresh": refresh,
  "rate-limiter-flexible": flexible,
};
