import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createRateWindow } from "../src/sandbox/simulators/genesys-cloud/rate-window.ts";
import { seeded } from "./chance.ts";
import { type Cell, MIDDLE, type Scale } from "./limiter-cells.ts";

/** The requests of one cell. */
export interface Recorded {
  readonly cell: Cell;
  /** When each request was counted, epoch ms. */
  readonly admitted: readonly number[];
  readonly refused: readonly number[];
}

export interface CountingServer extends AsyncDisposable {
  readonly url: string;
  readonly recorded: () => readonly Recorded[];
}

/** Starts an HTTP server for all cells (`GET /<id>`). It counts each request between two latencies. */
export async function startCountingServer(
  cells: readonly Cell[],
  scale: Scale,
): Promise<CountingServer> {
  const { windowMs, limit, roundTripMs, jitterMs } = scale;
  const byId = new Map(
    cells.map((cell) => [
      cell.id,
      {
        cell,
        window: createRateWindow(cell.policy, windowMs),
        random: seeded(cell.seed),
        admitted: [] as number[],
        refused: [] as number[],
      },
    ]),
  );
  const server = createServer(async (request, response) => {
    const found = byId.get(request.url?.slice(1) ?? "");
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    // Jitter is exponential, as on a network: mostly small, sometimes several times its mean.
    const oneWay = () => roundTripMs / 2 - jitterMs - jitterMs * Math.log(1 - found.random());
    await sleep(oneWay());
    const now = Date.now();
    const { admitted, count, resetMs } = found.window.judge(now, limit);
    (admitted ? found.admitted : found.refused).push(now);
    await sleep(oneWay());
    const seconds = Math.ceil(resetMs / 1000);
    response.setHeader("inin-ratelimit-count", count);
    response.setHeader("inin-ratelimit-allowed", limit);
    response.setHeader("inin-ratelimit-reset", seconds);
    if (!admitted) response.setHeader("retry-after", seconds);
    response.writeHead(admitted ? 202 : 429).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    recorded: () => [...byId.values()],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The result of one cell. */
export interface Result {
  /** Share of the budget that was used after the first window. Undefined if the cell was disturbed. */
  readonly spent: number | undefined;
  /** Number of 429s, except in the window after the disturbance. */
  readonly refused: number;
  /** Number of 429s in the window after the restart or the wipe. */
  readonly refusedAfter: number | undefined;
}

/**
 * [pure] The share is measured over whole cycles: the time to admit k times the limit, after the first limit
 * requests. So no rounding occurs at the edges of windows.
 */
export function resultOf(
  { cell, admitted, refused }: Recorded,
  startedAt: number,
  scale: Scale,
): Result {
  const { limit, windowMs } = scale;
  const disturbed = cell.load === "restarted" || cell.load === "wiped";
  const middle = startedAt + MIDDLE * windowMs;
  const after = refused.filter((at) => disturbed && at >= middle && at < middle + windowMs * 1.1);
  const cycles = Math.floor((admitted.length - 1 - limit) / limit);
  const from = admitted[limit];
  const to = admitted[limit + cycles * limit];
  const measurable = !disturbed && cycles > 0 && from !== undefined && to !== undefined;
  return {
    spent: measurable ? (cycles * windowMs) / (to - from) : undefined,
    refused: refused.length - after.length,
    refusedAfter: disturbed ? after.length : undefined,
  };
}
