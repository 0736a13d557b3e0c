import Fastify, { type FastifyInstance } from "fastify";
import type { ApiState } from "../domain/api-state.ts";
import { Failure } from "../domain/failure.ts";
import { type Clocks, elapsed } from "../domain/time.ts";
import type { WorkerLoad } from "../pipeline/worker.ts";
import { isMoving, type Phase } from "./lifecycle.ts";
import { publishedLoad, publishedState } from "./published-state.ts";

export interface StatusServerOptions {
  /** 0 chooses a free port. */
  readonly port: number;
  /** The state of both APIs. */
  readonly protection: () => readonly ApiState[];
  readonly phase: () => Phase;
  /** Undefined if the process does not consume the queue, or not yet. */
  readonly load: () => WorkerLoad | undefined;
  /** All metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly clocks: Clocks;
  /** Adds further routes. With them, the server completes requests in progress before it closes. */
  readonly routes?: (app: FastifyInstance) => void;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The time in which a whole request must arrive, so that a slow sender cannot hold a connection. */
const LONGEST_REQUEST_MS = 10_000;
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/**
 * The server for orchestrators and scrapers, on all interfaces:
 * - `GET /livez`: 200 while the loop moves, else 503.
 * - `GET /readyz`: 200, or 503 with the reasons. Both have the phase, the load and the state of each API.
 * - `GET /metrics`: Prometheus.
 * @throws {Failure} if it cannot listen on the port.
 */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const { routes, clocks } = options;
  const app = Fastify({
    forceCloseConnections: routes === undefined ? true : "idle",
    requestTimeout: LONGEST_REQUEST_MS,
  });
  app.get("/livez", (_, reply) => {
    const load = options.load();
    const now = clocks.monotonicNow();
    const live = isMoving(load, now);
    const stillForMs = load === undefined ? 0 : Math.round(elapsed(load.movedAt, now));
    return reply.status(live ? 200 : 503).send({ live, stillForMs });
  });
  app.get("/readyz", (_, reply) => {
    const states = options.protection();
    const apis = states.map(publishedState);
    const phase = options.phase();
    const load = publishedLoad(options.load(), clocks);
    const reasons = [...phaseProblem(phase), ...queueProblem(load), ...states.flatMap(apiProblem)];
    const ready = reasons.length === 0;
    return reply.status(ready ? 200 : 503).send({ ready, reasons, phase: phase.name, load, apis });
  });
  app.get("/metrics", async (_, reply) => {
    reply.header("content-type", PROMETHEUS_TEXT);
    return await options.metrics();
  });
  routes?.(app);
  try {
    const url = await app.listen({ host: "0.0.0.0", port: options.port });
    return { port: Number(new URL(url).port), close: () => app.close() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure({
      kind: "misconfigured",
      code: "network",
      source: "worker",
      message: `cannot listen on HTTP_PORT ${options.port} (${code})`,
      cure: "Set HTTP_PORT to a free port that this user may open, or unset it.",
    });
  }
}

function phaseProblem(phase: Phase): string[] {
  if (phase.name === "consuming" || phase.name === "serving") return [];
  return [`it is ${phase.name}${"because" in phase ? `: ${phase.because}` : ""}`];
}

function queueProblem(load: Pick<WorkerLoad, "queueTrouble"> | undefined): string[] {
  return load?.queueTrouble === undefined ? [] : [`queue: ${load.queueTrouble}`];
}

function apiProblem({ source, breaker }: ApiState): string[] {
  if (breaker.state === "closed") return [];
  return [`${source}: the breaker is ${breaker.state} (${breaker.code ?? "unknown reason"})`];
}
