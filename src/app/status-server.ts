import Fastify, { type FastifyInstance } from "fastify";
import type { ApiState, BudgetMode } from "../domain/api-state.ts";
import { Failure } from "../domain/failure.ts";
import type { WorkerLoad } from "../pipeline/worker.ts";
import { isMoving, type Phase } from "./lifecycle.ts";

export interface StatusServerOptions {
  /** 0: any port that is free. */
  readonly port: number;
  /** How both APIs stand. */
  readonly protection: () => readonly ApiState[];
  readonly phase: () => Phase;
  /** Undefined before anything is consumed. */
  readonly load: () => WorkerLoad | undefined;
  /** Everything as Prometheus reads it. */
  readonly metrics: () => Promise<string>;
  /** Epoch ms. */
  readonly now: () => number;
  /** What else is answered on this port; requests under way are then finished before it closes. */
  readonly routes?: (app: FastifyInstance) => void;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/** For the whole of a request to arrive: nobody may hold a connection by sending slowly. */
const LONGEST_REQUEST_MS = 10_000;
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/**
 * For orchestrators and scrapers, on all interfaces: `GET /livez` (200 while the loop moves, else
 * 503), `GET /readyz` (200, or 503 with the reasons; both with the phase, the load and how each API
 * stands) and `GET /metrics` (Prometheus).
 * @throws {Failure} where the port cannot be had.
 */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const { routes } = options;
  const app = Fastify({
    forceCloseConnections: routes === undefined ? true : "idle",
    requestTimeout: LONGEST_REQUEST_MS,
  });
  app.get("/livez", (_, reply) => {
    const load = options.load();
    const live = isMoving(load, options.now());
    const stillForMs = load === undefined ? 0 : options.now() - load.movedAt;
    return reply.status(live ? 200 : 503).send({ live, stillForMs });
  });
  app.get("/readyz", (_, reply) => {
    const states = options.protection();
    const apis = states.map(publishedState);
    const phase = options.phase();
    const load = options.load();
    const reasons = [...notConsuming(phase), ...queueTrouble(load), ...states.flatMap(troubleOf)];
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
      message: `HTTP_PORT ${options.port} cannot be listened on (${code})`,
      cure: "Choose a free port that this user may open, or leave HTTP_PORT unset.",
    });
  }
}

/** The words of `/readyz` for {@link BudgetMode}: monitors compare them. */
const PUBLISHED_MODES: Readonly<Record<BudgetMode, string>> = {
  alone: "alone",
  shared: "together",
  degraded: "apart",
};

function publishedState(state: ApiState) {
  const { budget } = state;
  return { ...state, budget: { ...budget, mode: PUBLISHED_MODES[budget.mode] } };
}

function notConsuming(phase: Phase): string[] {
  if (phase.name === "consuming" || phase.name === "serving") return [];
  return [`it is ${phase.name}${"because" in phase ? `: ${phase.because}` : ""}`];
}

function queueTrouble(load: WorkerLoad | undefined): string[] {
  return load?.queueTrouble === undefined ? [] : [`queue: ${load.queueTrouble}`];
}

function troubleOf({ source, breaker }: ApiState): string[] {
  if (breaker.state === "closed") return [];
  return [`${source}: the breaker is ${breaker.state} (${breaker.code ?? "no reason told"})`];
}
