import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Result } from "autocannon";
import { startSandboxEnvironment } from "../src/sandbox/environment/sandbox-environment.ts";
import { startWorkerProcess } from "../src/sandbox/environment/worker-process.ts";

const SECRET = "secret-of-the-benchmark";
const ROUNDS = 3;
const ROUND_S = 10;
const WARM_S = 3;
/** As many data actions as Genesys Cloud executes at once. */
const CONNECTIONS = 50;

/** What is measured: a server, and what it is asked. */
interface Route {
  readonly name: string;
  readonly url: string;
  readonly pid: number | undefined;
}

/**
 * `npm run bench -- lookup`: cached lookups a second, and how long they take, beside a bare Fastify route
 * that reads the same body and answers one of the same size. Servers and load are processes of their own.
 */
export async function run(): Promise<void> {
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs: () => 0,
    genesysLatencyMs: () => 0,
  });
  const serve = startWorkerProcess(
    {
      ...sandbox.environment,
      HTTP_PORT: "0",
      LOG_LEVEL: "info",
      LOOKUP_SECRET: SECRET,
      LOOKUP_REQUESTS_PER_MINUTE: "1000000",
      ORACLE_CACHE_SECONDS: "3600",
    },
    { command: "serve" },
  );
  let bare: ChildProcess | undefined;
  try {
    const line = await serve.line(({ fact }) => fact === "http.listening");
    const port = "port" in line ? line.port : 0;
    const ours = { name: "ringahead, cached", url: `http://127.0.0.1:${port}`, pid: serve.pid };
    bare = spawn(process.execPath, [here("systems/bare-route.ts")], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const [bareUrl] = await once(bare, "message");
    const routes: readonly Route[] = [
      { name: "bare Fastify route", url: bareUrl, pid: bare.pid },
      ours,
    ];
    await Promise.all(routes.map((route) => load(route, WARM_S)));
    const results = new Map<string, Measured[]>(routes.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const route of round % 2 === 0 ? routes : routes.toReversed()) {
        results.get(route.name)?.push(await load(route, ROUND_S));
      }
    }
    print(
      `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}; autocannon in a process of its own, ` +
        `${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_S} s in turn, the median round; ` +
        `Oracle was asked ${sandbox.oracle.counts.search} time(s)\n`,
    );
    print(
      "| route | answers a second | p50 | p99 | CPU for one | not 200 |\n|---|---|---|---|---|---|",
    );
    for (const [name, rounds] of results) print(row(name, rounds));
  } finally {
    serve.kill("SIGKILL");
    bare?.kill("SIGKILL");
    await serve.ended;
    await sandbox.close();
  }
}

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuUs: number;
  readonly failed: number;
}

async function load({ url, pid }: Route, seconds: number): Promise<Measured> {
  const before = cpuMs(pid);
  const cannon = spawn(
    process.execPath,
    [here("systems/cannon.ts"), url, SECRET, String(CONNECTIONS), String(seconds)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  const ended = once(cannon, "exit");
  const [result] = (await once(cannon, "message")) as [Result];
  await ended;
  const { requests, latency, non2xx, errors, duration } = result;
  return {
    perSecond: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    cpuUs: ((cpuMs(pid) - before) * 1000) / Math.max(1, requests.total),
    failed: non2xx + errors,
  };
}

function row(name: string, rounds: readonly Measured[]): string {
  const median = (of: (one: Measured) => number) =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
  const failed = rounds.reduce((sum, one) => sum + one.failed, 0);
  return (
    `| ${name} | ${Math.round(median((one) => one.perSecond)).toLocaleString("en")} | ` +
    `${median((one) => one.p50)} ms | ${median((one) => one.p99)} ms | ` +
    `${Math.round(median((one) => one.cpuUs))} µs | ${failed} |`
  );
}

/** Linux counts CPU time in hundredths of a second. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
