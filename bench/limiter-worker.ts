import { setTimeout as sleep } from "node:timers/promises";
import { createHttp, type Http } from "../src/http/client.ts";
import { retryAfterMs } from "../src/http/status.ts";
import { type Cell, LATE, MIDDLE, type WorkerTask } from "./limiter-cells.ts";
import { type Place, type Strategy, strategies } from "./strategies.ts";

/** Callers of all workers of a cell together, each always wanting one more. */
const CALLERS = 80;

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const { windowMs, windows } = task.scale;
const callers = Math.ceil(CALLERS / task.workers);
const waits: number[] = [];

async function saturate(
  cell: Cell,
  http: Http,
  current: () => Strategy,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const send = async () => {
      const begun = performance.now();
      const answer = await http.send({ method: "GET", path: `/${cell.id}` }, over);
      waits.push(performance.now() - begun);
      return answer;
    };
    const answer = await current()
      .run(send)
      .catch(() => undefined);
    // Ours pauses by itself; with the others the caller waits.
    if (answer?.status !== 429 || task.strategy === "ringahead") continue;
    const waitMs = retryAfterMs(answer.headers["retry-after"], Date.now()) ?? windowMs;
    await sleep(waitMs, undefined, { signal: over }).catch(() => undefined);
  }
}

async function runCell(cell: Cell): Promise<() => Promise<void>> {
  const create = strategies[task.strategy];
  if (create === undefined) throw new TypeError(`no strategy ${task.strategy}`);
  const http = createHttp({
    source: "genesys",
    baseUrl: task.server,
    timeoutMs: 10_000,
    connections: callers,
  });
  const place = (life: number): Place => ({
    task,
    cell,
    name: `${task.worker}-${life}`,
    concurrency: callers,
  });
  let strategy = await create(place(1));
  const next = cell.load === "restarted" ? () => create(place(2)) : undefined;
  return async () => {
    const over = new AbortController();
    const middle = sleep(MIDDLE * windowMs).then(async () => {
      if (next === undefined) return;
      const before = strategy;
      strategy = await next();
      await before.close();
    });
    const end = sleep(windows * windowMs).then(() => over.abort());
    if (cell.load === "late") await sleep(LATE * windowMs);
    const running = Array.from({ length: callers }, () =>
      saturate(cell, http, () => strategy, over.signal),
    );
    await Promise.all([middle, end]);
    await strategy.close();
    // Callers whom a closed limiter never answers are left behind: the process ends.
    await Promise.race([Promise.all(running), sleep(500)]);
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
