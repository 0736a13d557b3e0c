import Fastify from "fastify";
import { Gauge, Registry } from "prom-client";
import { Failure } from "../failure.ts";
import type { ApiState } from "../protection/api.ts";

export interface StatusServerOptions {
  /** 0: any port that is free. */
  readonly port: number;
  /** How both APIs stand. */
  readonly protection: () => readonly ApiState[];
  /** Why no new work is taken; undefined where it is. */
  readonly notTaking: () => string | undefined;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * For orchestrators and scrapers, on all interfaces: `GET /livez` (the process answers), `GET /readyz`
 * (200, or 503 with the reasons; both with how each API stands) and `GET /metrics` (Prometheus).
 * @throws {Failure} where the port cannot be had.
 */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const app = Fastify({ forceCloseConnections: true });
  const metrics = protectionMetrics(options.protection);
  app.get("/livez", () => ({ live: true }));
  app.get("/readyz", (_, reply) => {
    const apis = options.protection();
    const reasons = [options.notTaking(), ...apis.map(troubleOf)].filter(
      (reason) => reason !== undefined,
    );
    return reply.status(reasons.length === 0 ? 200 : 503).send({
      ready: reasons.length === 0,
      reasons,
      apis,
    });
  });
  app.get("/metrics", async (_, reply) => {
    reply.header("content-type", metrics.contentType);
    return await metrics.metrics();
  });
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

function troubleOf({ source, breaker }: ApiState): string | undefined {
  if (breaker.state === "closed") return undefined;
  return `${source}: the breaker is ${breaker.state} (${breaker.code ?? "no reason told"})`;
}

/** Few series on purpose: one for each API, none for a conversation. */
function protectionMetrics(protection: () => readonly ApiState[]): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: (api: ApiState) => number | undefined) =>
    new Gauge({
      name: `ringahead_${name}`,
      help,
      labelNames: ["api"],
      registers: [registry],
      collect() {
        this.reset();
        for (const api of protection()) {
          const value = read(api);
          if (value !== undefined) this.set({ api: api.source }, value);
        }
      },
    });
  gauge("breaker_open", "1 while an API is not asked, or only probed", ({ breaker }) =>
    breaker.state === "closed" ? 0 : 1,
  );
  gauge("budget_limit", "Requests allowed in 60 s", ({ budget }) => budget.limit);
  gauge("budget_used", "Of these, spent or under way", ({ budget }) =>
    budget.limit === undefined ? undefined : budget.used,
  );
  gauge(
    "budget_paused_seconds",
    "How long nothing may be sent yet",
    ({ budget }) => budget.pausedForMs / 1000,
  );
  gauge("calls_waiting", "Calls that wait for budget", ({ waiting }) => waiting);
  return registry;
}
