import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Report } from "../observability/facts/facts.ts";

/** State that all workers share. Every method rejects, soon, where Redis cannot be reached. */
export interface SharedState {
  /** Runs a Lua script; all keys must have one hash tag. */
  run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, expiresInMs: number): Promise<void>;
  /** Calls `listener` whenever the connection is there again; returns what ends that. */
  onBack(listener: () => void): () => void;
  /** Takes nothing more, and disconnects when what was asked is answered, half a second at most. */
  close(): void;
}

export interface RedisSettings {
  /** `redis://` or `rediss://` (TLS), with user and password where there are any. */
  readonly url: string;
  /** Whether the address is that of a cluster (ElastiCache Serverless always is). */
  readonly cluster: boolean;
  readonly report: Report;
  /** Trusted instead of the system's authorities. */
  readonly ca?: string | undefined;
}

/** A conversation does not wait longer than this for shared state. */
const COMMAND_TIMEOUT_MS = 500;
/** So many time-outs in a row mean a dead connection: it is opened anew. */
const UNANSWERED_AT_MOST = 5;
/** How much later than another a worker may find Redis again. */
export const LONGEST_RECONNECT_MS = 1_000;
/** How long a starting worker waits for Redis before it goes on without. */
const START_MS = 2_000;

/** Connects; resolves when Redis is ready, or after {@link START_MS} without it. Never rejects. */
export async function connectRedis(settings: RedisSettings): Promise<SharedState> {
  const client = createClient(settings);
  const listeners = new Set<() => void>();
  let lost = false;
  let wasReady = false;
  let unanswered = 0;
  let closed = false;
  const underWay = new Set<Promise<unknown>>();

  client.on("error", (error: unknown) => {
    if (!lost) settings.report("redis.lost", { reason: reasonOf(error) });
    lost = true;
  });
  client.on("ready", () => {
    if (lost) settings.report("redis.back", {});
    lost = false;
    if (wasReady) for (const listener of listeners) listener();
    wasReady = true;
  });
  await ready(client);

  /** Where it is known that there is no connection, nothing is tried and no timer is begun. */
  async function ask<T>(command: (redis: Redis | Cluster) => Promise<T>): Promise<T> {
    if (closed || client.status !== "ready") {
      throw new Error(`Redis is not connected (${client.status})`);
    }
    const asked = command(client);
    underWay.add(asked);
    try {
      const reply = await asked;
      unanswered = 0;
      return reply;
    } catch (error) {
      unanswered = error instanceof Error && /timed out/.test(error.message) ? unanswered + 1 : 0;
      if (unanswered >= UNANSWERED_AT_MOST) {
        unanswered = 0;
        client.disconnect(true);
      }
      throw error;
    } finally {
      underWay.delete(asked);
    }
  }

  return {
    run: (script, keys, args) => ask((redis) => redis.eval(script, keys.length, ...keys, ...args)),
    get: (key) => ask((redis) => redis.get(key)),
    async set(key, value, expiresInMs) {
      await ask((redis) => redis.set(key, value, "PX", Math.ceil(expiresInMs)));
    },
    onBack(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      // A cluster client would look for another node for a command that is cut off.
      void Promise.allSettled(underWay).then(() => client.disconnect());
    },
  };
}

function createClient({ url, cluster, ca }: RedisSettings): Redis | Cluster {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const reconnect = (times: number) => Math.min(times * 100, LONGEST_RECONNECT_MS);
  const options = {
    connectionName: "ringahead",
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: START_MS,
    // How long a timer of ioredis outlives a connection, even one that is closed already.
    disconnectTimeout: 1,
    // A question that was asked before the connection broke is not asked again after it.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A former primary that is read-only now: look up who is the primary.
    reconnectOnError: (error) => error.message.includes("READONLY"),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" ? { tls: ca === undefined ? {} : { ca } } : {}),
  } satisfies RedisOptions;
  const address = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6379) };
  if (!cluster) {
    return new Redis({
      ...options,
      ...address,
      db: Number(pathname.slice(1) || 0),
      enableOfflineQueue: false,
      retryStrategy: reconnect,
    });
  }
  return new Cluster([address], {
    redisOptions: options,
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnect,
    clusterNodeRetryStrategy: reconnect,
    slotsRefreshTimeout: START_MS,
    // With TLS the certificate names hosts, not addresses.
    ...(protocol === "rediss:" ? { dnsLookup: (host, done) => done(null, host) } : {}),
  });
}

/**
 * The system's code (`ECONNREFUSED`), or the word that a reply of Redis begins with (`WRONGPASS`). No
 * more of it: a server that does not know AUTH repeats its arguments, the password among them.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error ? String(error.code) : error.message;
  return /^[A-Z][A-Z0-9_]{1,40}/.exec(code)?.[0] ?? error.constructor.name;
}

function ready(client: Redis | Cluster): Promise<void> {
  if (client.status === "ready") return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, START_MS);
  client.once("ready", resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    client.off("ready", resolve);
  });
}
