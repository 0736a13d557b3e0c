import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Report } from "../observability/facts/facts.ts";

/** State that all workers share. A command rejects within half a second if Redis does not answer. */
export interface SharedState {
  /** Runs a Lua script; all keys must have one hash tag. */
  run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, expiresInMs: number): Promise<void>;
  /** Calls `listener` after every reconnection. Returns the function that removes it. */
  onBack(listener: () => void): () => void;
  /** Rejects new commands, and disconnects when those in flight have ended (half a second at most). */
  close(): void;
}

export interface RedisSettings {
  /** `redis://` or `rediss://` (TLS), with user and password if Redis needs them. */
  readonly url: string;
  /** Whether the URL is the address of a cluster (ElastiCache Serverless always is one). */
  readonly cluster: boolean;
  readonly report: Report;
  /** Certificate authority that is trusted instead of the system's, PEM. */
  readonly ca?: string | undefined;
}

/** The longest that a conversation waits for one command. */
const COMMAND_TIMEOUT_MS = 500;
/** So many time-outs in a row mean a dead connection: it is closed and opened again. */
const MAX_TIMEOUTS_IN_A_ROW = 5;
/** The longest that a worker waits between two attempts to reconnect. */
export const LONGEST_RECONNECT_MS = 1_000;
/** How long a starting worker waits for Redis before it starts without. */
const START_MS = 2_000;

/** Connects; resolves when Redis is ready, or after {@link START_MS} without it. Never rejects. */
export async function connectRedis(settings: RedisSettings): Promise<SharedState> {
  const client = createClient(settings);
  const listeners = new Set<() => void>();
  let lost = false;
  let wasReady = false;
  let unanswered = 0;
  let closed = false;
  const inFlight = new Set<Promise<unknown>>();

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

  /** Without a connection it rejects at once, and starts no timer. */
  async function ask<T>(command: (redis: Redis | Cluster) => Promise<T>): Promise<T> {
    if (closed || client.status !== "ready") {
      throw new Error(`Redis is not connected (${client.status})`);
    }
    const asked = command(client);
    inFlight.add(asked);
    try {
      const reply = await asked;
      unanswered = 0;
      return reply;
    } catch (error) {
      unanswered = error instanceof Error && /timed out/.test(error.message) ? unanswered + 1 : 0;
      if (unanswered >= MAX_TIMEOUTS_IN_A_ROW) {
        unanswered = 0;
        client.disconnect(true);
      }
      throw error;
    } finally {
      inFlight.delete(asked);
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
      // If a command is cut off, a cluster client looks for another node.
      void Promise.allSettled(inFlight).then(() => client.disconnect());
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
    // ms that a timer of ioredis outlives a connection, even a closed one.
    disconnectTimeout: 1,
    // A command that was in flight when the connection broke is not sent again.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A former primary is read-only: reconnect, to find the present one.
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
 * The system's code (`ECONNREFUSED`), or the first word of Redis' reply (`WRONGPASS`). The rest is
 * left out: a server that does not know AUTH repeats its arguments, the password among them.
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
