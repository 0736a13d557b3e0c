import { setTimeout as sleep } from "node:timers/promises";
import { epochMs } from "../src/domain/time.ts";
import { createHttp, type Http } from "../src/resilience/http/client.ts";
import { retryAfterMs } from "../src/resilience/http/status.ts";
import { type Cell, LATE, MIDDLE, type WorkerTask } from "./limiter-cells.ts";
import { type Strategy, strategies } from "./strategies.ts";

/** Concurrent callers of a cell, over all workers. */
const CALLERS = 80;

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const { windowMs, windows } = task.scale;
const callers = Math.ceil(CALLERS / task.workers);
const waits: number[] = [];

/** One life of a worker. At its end, waiting requests are dropped. */
interface Life {
  readonly strategy: Strategy;
  readonly over: AbortController;
}

async function saturate(
  cell: Cell,
  http: Http,
  current: () => Life,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const life = current();
    const send = async () => {
      life.over.signal.throwIfAborted();
      const startedAt = performance.now();
      const answer = await http.send({ method: "GET", path: `/${cell.id}` }, over);
      waits.push(performance.now() - startedAt);
      return answer;
    };
    const answered = life.strategy.run(send).catch(() => undefined);
    const answer = await Promise.race([answered, aborted(life.over.signal)]);
    // Ringahead's limiter pauses by itself. With the others the caller waits.
    if (answer?.status !== 429 || task.strategy === "ringahead") continue;
    const waitMs = retryAfterMs(answer.headers["retry-after"], epochMs(Date.now())) ?? windowMs;
    const { signal } = life.over;
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}

async function runCell(cell: Cell): Promise<() => Promise<void>> {
  const create = strategies[task.strategy];
  if (create === undefined) throw new TypeError(`unknown strategy ${task.strategy}`);
  const http = createHttp({
    source: "genesys",
    baseUrl: task.server,
    timeoutMs: 10_000,
    connections: callers,
  });
  const startLife = async (life: number): Promise<Life> => {
    const name = `${task.worker}-${life}`;
    const strategy = await create({ task, cell, name, concurrency: callers });
    return { strategy, over: new AbortController() };
  };
  const endLife = async ({ strategy, over }: Life) => {
    over.abort();
    await strategy.close();
  };
  let life = await startLife(1);

  async function restart(): Promise<void> {
    await sleep(MIDDLE * windowMs);
    if (cell.load !== "restarted") return;
    const next = await startLife(2);
    const before = life;
    life = next;
    await endLife(before);
  }

  return async () => {
    const over = new AbortController();
    const end = sleep(windows * windowMs).then(() => over.abort());
    const restarted = restart();
    if (cell.load === "late") await sleep(LATE * windowMs);
    const running = Array.from({ length: callers }, () =>
      saturate(cell, http, () => life, over.signal),
    );
    await Promise.all([restarted, end]);
    await endLife(life);
    await Promise.all(running);
    http.close();
  };
}

const begin = await Promise.all(task.cells.map(runCell));
process.send?.("ready");
process.once("message", () => {
  void Promise.all(begin.map((cell) => cell())).then(() => {
    const roundTripMs = waits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, waits.length);
    process.send?.({ roundTripMs }, () => process.exit(0));
  });
});
