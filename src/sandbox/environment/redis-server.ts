import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface RedisServerOptions {
  /** PEM files. If set, the server accepts TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Runs a cluster of one node that serves all slots. */
  readonly cluster?: boolean;
}

/** A real `redis-server` on 127.0.0.1 without persistence. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Sends SIGKILL. Resolves when the process has ended. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Sends SIGSTOP: connections stay open, but get no answer until `resume`. */
  pause(): void;
  resume(): void;
  /** Runs one command with redis-cli. @returns its output */
  command(...words: readonly string[]): string;
}

/** As in ElastiCache, nodes are announced by the names that the certificate holds. */
const TLS_CLUSTER = [
  ...["--tls-cluster", "yes", "--cluster-announce-hostname", "localhost"],
  ...["--cluster-preferred-endpoint-type", "hostname"],
];

/** @throws if `redis-server` is not installed */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "ringahead-redis-"));
  const { tls } = options;
  const ports = tls
    ? ["--port", "0", "--tls-port", String(port), "--tls-cert-file", tls.cert]
    : ["--port", String(port)];
  const secure = tls
    ? ["--tls-key-file", tls.key, "--tls-ca-cert-file", tls.cert, "--tls-auth-clients", "no"]
    : [];
  // A single node does not know its own address.
  const cluster = options.cluster
    ? [
        "--cluster-enabled",
        "yes",
        "--cluster-announce-ip",
        "127.0.0.1",
        ...(tls ? TLS_CLUSTER : []),
      ]
    : [];
  const args = [...ports, ...secure, ...cluster, "--bind", "127.0.0.1", "--dir", folder];
  let child: ChildProcess;

  function command(...words: readonly string[]): string {
    const trust = tls ? ["--tls", "--cacert", tls.cert] : [];
    return execFileSync("redis-cli", ["-p", String(port), ...trust, ...words], {
      encoding: "utf8",
    }).trim();
  }

  async function start(): Promise<void> {
    child = spawn("redis-server", [...args, "--save", "", "--appendonly", "no"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await ready(child);
    if (options.cluster) command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    while (options.cluster && !command("CLUSTER", "INFO").includes("cluster_state:ok"));
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  await start();
  return {
    port,
    url: tls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    kill,
    restart: start,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    command,
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const failed = once(child, "error").then(() => {
    throw new Error("redis-server is not installed: run scripts/debian-packages.sh");
  });
  failed.catch(() => undefined);
  await Promise.race([failed, readyLine(child)]);
}

async function readyLine({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new TypeError("redis-server was started without a pipe");
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    if (/Ready to accept connections/i.test(line)) break;
  }
  // Further output is read and discarded, so that the pipe never fills up.
  stdout.resume();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}
