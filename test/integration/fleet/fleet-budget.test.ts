import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import type { BudgetMode } from "../../../src/domain/api-state.ts";
import { Priority } from "../../../src/domain/call.ts";
import { createFleetBudget } from "../../../src/fleet/fleet-budget.ts";
import { connectRedis, type RedisSettings } from "../../../src/fleet/redis.ts";
import type { BudgetEvent } from "../../../src/resilience/budget/budget.ts";
import { createLimiter } from "../../../src/resilience/limiter.ts";
import {
  type RedisServer,
  startRedisServer,
} from "../../../src/sandbox/environment/redis-server.ts";
import { selfSigned } from "../../support/certificate.ts";
import { type CountedServer, createCountedServer } from "../../support/counted-server.ts";

const clocks = systemClocks();

const WINDOW_MS = 800;
const LIMIT = 40;

const certificate = selfSigned();
afterAll(() => certificate.remove());

interface TestWorker {
  served: number;
  readonly events: BudgetEvent[];
  readonly mode: () => BudgetMode;
}

interface Fleet extends AsyncDisposable {
  readonly workers: readonly TestWorker[];
  readonly served: () => number;
}

/** Workers with more demand than budget, on one Redis, against one server. */
async function startFleet(
  settings: Omit<RedisSettings, "report">,
  server: CountedServer,
  size = 3,
): Promise<Fleet> {
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  const close: (() => Promise<void>)[] = [];
  const workers: TestWorker[] = [];
  for (let number = 0; number < size; number += 1) {
    const shared = await connectRedis({ ...settings, report: () => undefined });
    const events: BudgetEvent[] = [];
    const budget = createFleetBudget({
      shared,
      name: "test",
      worker: `w${number}`,
      amounts: { limit: LIMIT, windowMs: WINDOW_MS, reserve: 0, timeoutMs: 200 },
      now: clocks.monotonicNow,
      report: (event) => void events.push(event),
    });
    const limiter = createLimiter({
      source: "genesys",
      concurrency: 8,
      budget,
      monotonicNow: clocks.monotonicNow,
    });
    const worker: TestWorker = { served: 0, events, mode: () => budget.state().mode };
    const caller = async (): Promise<void> => {
      const call = { signal: stopping.signal, priority: Priority.live };
      while (!stopping.signal.aborted) {
        await limiter
          .run(
            call,
            () => server.request(),
            (info) => info,
          )
          .then(
            () => {
              worker.served += 1;
            },
            () => undefined,
          );
      }
    };
    workers.push(worker);
    running.push(...Array.from({ length: 10 }, caller));
    close.push(async () => {
      await limiter.close();
      budget.close();
      shared.close();
    });
  }
  return {
    workers,
    served: () => workers.reduce((sum, { served }) => sum + served, 0),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(running);
      for (const each of close) await each();
    },
  };
}

const SOON = { interval: 5 };

async function untilServed(fleet: Fleet, more: number): Promise<void> {
  const before = fleet.served();
  await expect.poll(fleet.served, SOON).toBeGreaterThanOrEqual(before + more);
}

const modes = (fleet: Fleet) => [...new Set(fleet.workers.map((worker) => worker.mode()))];

async function untilAll(fleet: Fleet, mode: BudgetMode): Promise<void> {
  await expect.poll(() => modes(fleet), SOON).toEqual([mode]);
}

function createServer() {
  return createCountedServer({ policy: "sliding", windowMs: WINDOW_MS, limit: LIMIT });
}

async function withFleet(
  disturb: (fleet: Fleet, redis: RedisServer, server: CountedServer) => Promise<void>,
): Promise<void> {
  await using redis = await startRedisServer();
  const server = createServer();
  await using fleet = await startFleet({ url: redis.url, cluster: false }, server);
  await disturb(fleet, redis, server);
  expect(server.refused).toBe(0);
}

describe("a fleet shares one budget by Redis", () => {
  it("and spends all of it, every worker a part, with no refusal", async () => {
    await withFleet(async (fleet, redis) => {
      await untilServed(fleet, 4 * LIMIT);
      for (const { served } of fleet.workers) expect(served).toBeGreaterThan(0);
      const keys = redis.command("KEYS", "*").split("\n");
      expect(keys.toSorted()).toEqual([
        "{ringahead:test}:book",
        "{ringahead:test}:leases",
        "{ringahead:test}:workers",
      ]);
      for (const key of keys) expect(Number(redis.command("PTTL", key))).toBeGreaterThan(0);
    });
  });

  it("is degraded while Redis is killed, and shared when Redis is back, empty", async () => {
    await withFleet(async (fleet, redis) => {
      await untilServed(fleet, 2 * LIMIT);
      await redis.kill();
      await untilAll(fleet, "degraded");
      await untilServed(fleet, 2 * LIMIT);
      await redis.restart();
      await untilAll(fleet, "shared");
      await untilServed(fleet, 3 * LIMIT);
    });
  });

  it("is degraded while Redis hangs (SIGSTOP), and shared when it continues", async () => {
    await withFleet(async (fleet, redis) => {
      await untilServed(fleet, 2 * LIMIT);
      redis.pause();
      await untilAll(fleet, "degraded");
      await untilServed(fleet, 2 * LIMIT);
      redis.resume();
      await untilAll(fleet, "shared");
      await untilServed(fleet, 3 * LIMIT);
    });
  });

  it("exceeds no limit if Redis is wiped in the middle of a burst", async () => {
    await withFleet(async (fleet, redis) => {
      await untilServed(fleet, 2 * LIMIT + LIMIT / 2);
      redis.command("FLUSHALL");
      await untilServed(fleet, 2 * LIMIT);
      await untilAll(fleet, "shared");
      await untilServed(fleet, 2 * LIMIT);
      expect(
        fleet.workers.some(({ events }) => events.some(({ kind }) => kind === "degraded")),
      ).toBe(true);
    });
  });

  it("starts with a probe, which finds what the fleet before a restart has spent", async () => {
    await using redis = await startRedisServer();
    const server = createServer();
    {
      await using before = await startFleet({ url: redis.url, cluster: false }, server, 1);
      await untilServed(before, LIMIT / 2);
    }
    redis.command("FLUSHALL");
    await using after = await startFleet({ url: redis.url, cluster: false }, server);
    await untilServed(after, LIMIT);
    expect(server.refused).toBe(0);
  });

  it("starts on a small share without Redis, and is shared later", async () => {
    await using redis = await startRedisServer();
    await redis.kill();
    const server = createServer();
    await using fleet = await startFleet({ url: redis.url, cluster: false }, server, 1);
    await untilServed(fleet, LIMIT / 10);
    await redis.restart();
    await untilAll(fleet, "shared");
    await untilServed(fleet, LIMIT);
    expect(server.refused).toBe(0);
  });

  it("follows the server's limit in every worker", async () => {
    await withFleet(async (fleet, _redis, server) => {
      await untilServed(fleet, LIMIT);
      server.limit = LIMIT * 2;
      await untilServed(fleet, LIMIT * 3);
      for (const { events } of fleet.workers) {
        expect(events).toContainEqual({ kind: "limited", limit: LIMIT * 2, before: LIMIT });
      }
    });
  });

  it.each([
    { cluster: true, tls: undefined },
    { cluster: false, tls: certificate },
    { cluster: true, tls: certificate },
  ])("connects to a cluster or by TLS: $cluster, $tls.name", async ({ cluster, tls }) => {
    await using redis = await startRedisServer({ cluster, ...(tls ? { tls } : {}) });
    const server = createServer();
    const ca = tls && readFileSync(tls.cert, "utf8");
    await using fleet = await startFleet({ url: redis.url, cluster, ca }, server, 2);
    await untilServed(fleet, 2 * LIMIT);
    expect(modes(fleet)).toEqual(["shared"]);
    expect(server.refused).toBe(0);
  });
});
