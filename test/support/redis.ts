import { afterAll, beforeAll } from "vitest";
import { connectRedis, type SharedState } from "../../src/fleet/redis.ts";
import { type RedisServer, startRedisServer } from "../../src/sandbox/environment/redis-server.ts";

/** A real Redis and a connection to it. */
export interface TestRedis {
  readonly redis: RedisServer;
  readonly shared: SharedState;
}

/** Starts Redis before the tests of this file or block, and stops it after them. */
export function useRedis(): TestRedis {
  let redis: RedisServer | undefined;
  let shared: SharedState | undefined;
  beforeAll(async () => {
    redis = await startRedisServer();
    shared = await connectRedis({ url: redis.url, cluster: false, report: () => undefined });
  });
  afterAll(async () => {
    shared?.close();
    await redis?.[Symbol.asyncDispose]();
  });
  return {
    get redis() {
      return started(redis);
    },
    get shared() {
      return started(shared);
    },
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Redis is not started before the tests begin");
  return value;
}
