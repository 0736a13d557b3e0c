import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type RedisServer, startRedisServer } from "../src/sandbox/environment/redis-server.ts";
import {
  type CountingServer,
  type Result,
  resultOf,
  startCountingServer,
} from "./counting-server.ts";
import {
  type Cell,
  cellsOf,
  FULL,
  type Load,
  MIDDLE,
  SCALED,
  type Scale,
  type WorkerTask,
} from "./limiter-cells.ts";
import type { BenchOptions } from "./options.ts";

const WORKER = fileURLToPath(new URL("./limiter-worker.ts", import.meta.url));
const STRATEGIES = ["ringahead", "minTime +1 %", "reservoir refresh", "rate-limiter-flexible"];
const ALONE: readonly Load[] = ["saturated", "late", "restarted"];
const FLEET: readonly Load[] = [...ALONE, "wiped"];

interface Row {
  readonly strategy: string;
  readonly workers: number;
  /** W / (W + round trip), with the measured round trip of this row. */
  readonly ceiling: number;
  readonly results: ReadonlyMap<string, Result>;
}

/**
 * `npm run bench -- limiter [--full] [--only <strategy>]`: every strategy, window and load, with one worker and
 * with four. `--only` measures one strategy by name.
 */
export async function run({ full, only }: BenchOptions): Promise<void> {
  const scale = full ? FULL : SCALED;
  const redis = await startRedisServer();
  try {
    print(
      `${machine()}\nlimit ${scale.limit} per ${scale.windowMs} ms, round trip ` +
        `${scale.roundTripMs} ms on average, seeds 1 to 29 (bench/limiter-cells.ts)\n`,
    );
    for (const workers of [1, 4]) {
      const loads = workers === 1 ? ALONE : FLEET;
      const cells = cellsOf(loads);
      print(heading(workers, cells));
      for (const strategy of STRATEGIES.filter((name) => only === undefined || name === only)) {
        print(line(await measure({ strategy, workers, scale, cells, redis }), cells));
      }
      print("");
    }
    print(LEGEND);
  } finally {
    await redis[Symbol.asyncDispose]();
  }
}

interface Measured {
  readonly strategy: string;
  readonly workers: number;
  readonly scale: Scale;
  readonly cells: readonly Cell[];
  readonly redis: RedisServer;
}

async function measure({ strategy, workers, scale, cells, redis }: Measured): Promise<Row> {
  const server = await startCountingServer(cells, scale);
  try {
    return await measureOn(server, { strategy, workers, scale, cells, redis });
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

async function measureOn(
  server: CountingServer,
  { strategy, workers, scale, cells, redis }: Measured,
): Promise<Row> {
  redis.command("FLUSHALL");
  const children = Array.from({ length: workers }, (_, worker) => {
    const task: WorkerTask = {
      server: server.url,
      strategy,
      redisUrl: redis.url,
      worker,
      workers,
      scale,
      cells,
    };
    return fork(WORKER, [JSON.stringify(task)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  });
  await Promise.all(children.map((child) => once(child, "message")));
  const startedAt = Date.now();
  const trips = children.map(roundTripOf);
  for (const child of children) child.send("go");
  if (cells.some(({ load }) => load === "wiped")) {
    await sleep(MIDDLE * scale.windowMs);
    wipe(redis);
  }
  const roundTripMs = (await Promise.all(trips)).reduce((sum, ms) => sum + ms, 0) / workers;
  return {
    strategy,
    workers,
    ceiling: scale.windowMs / (scale.windowMs + roundTripMs),
    results: new Map(
      server.recorded().map((one) => [one.cell.id, resultOf(one, startedAt, scale)] as const),
    ),
  };
}

/** Deletes only the keys of cells with the load `wiped`. */
function wipe(redis: RedisServer): void {
  const keys = redis.command("KEYS", "*-wiped*").split("\n").filter(Boolean);
  if (keys.length > 0) redis.command("DEL", ...keys);
}

async function roundTripOf(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, "message")) as [{ roundTripMs: number }];
  return message.roundTripMs;
}

const LEGEND =
  "Cells: share of the budget that was used after the first window, in %; then the 429s of the whole run.\n" +
  "restarted, wiped: the 429s in the window after it, then all others.\n" +
  "ceiling: W / (W + round trip), with the measured round trip of the row.";

function heading(workers: number, cells: readonly Cell[]): string {
  const names = cells.map(({ policy, load }) => `${policy} ${load}`);
  const title = workers === 1 ? "one worker" : `${workers} workers, one Redis`;
  return `| ${title} | ceiling | ${names.join(" | ")} |\n|---|---|${names.map(() => "---|").join("")}`;
}

function line({ strategy, workers, ceiling, results }: Row, cells: readonly Cell[]): string {
  const name =
    workers > 1 && /minTime|reservoir/.test(strategy) ? `Bottleneck Redis, ${strategy}` : strategy;
  const shown = cells.map(({ id }) => shownResult(results.get(id)));
  return `| ${name} | ${percent(ceiling)} | ${shown.join(" | ")} |`;
}

function shownResult(result: Result | undefined): string {
  if (result === undefined) return "";
  if (result.refusedAfter !== undefined) return `${result.refusedAfter}, ${result.refused}`;
  const spent = result.spent === undefined ? "none" : percent(result.spent);
  return `${spent} / ${result.refused}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(2);
}

function machine(): string {
  const [cpu] = cpus();
  const redis = /v=(\S+)/.exec(execFileSync("redis-server", ["--version"], { encoding: "utf8" }));
  return `${cpus().length} × ${cpu?.model ?? "unknown"}, Node ${process.version}, Redis ${redis?.[1]}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
