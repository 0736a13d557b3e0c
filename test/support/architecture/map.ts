/** One wing of `src`: what belongs there, and the wings that it may import. */
export interface Wing {
  readonly holds: string;
  readonly imports: readonly string[];
}

/**
 * The map of `src`, as `docs/explanation/architecture.md` draws it. Arrows go from a wing to the
 * wings above it in this table only.
 */
export const wings: Readonly<Record<string, Wing>> = {
  domain: {
    holds: "pure rules and the ports: events, identity, session, history model, summary, failure",
    imports: [],
  },
  observability: { holds: "facts, log, metrics, traces", imports: ["domain"] },
  resilience: {
    holds: "HTTP client, sign-in, budget, limiter, breaker, retry",
    imports: ["domain", "observability"],
  },
  queue: { holds: "SQS: receive, settle, dead-letter message", imports: ["domain"] },
  oracle: {
    holds: "the dialects of Oracle, and the history cache",
    imports: ["domain", "resilience"],
  },
  genesys: { holds: "the Platform API, attributes, contacts", imports: ["domain", "resilience"] },
  fleet: {
    holds: "what workers share in Redis: leases, conversations, histories",
    imports: ["domain", "observability", "resilience"],
  },
  config: {
    holds: "environment variables, files, secrets",
    imports: ["domain", "oracle", "resilience"],
  },
  pipeline: {
    holds: "how an event flows: dispatcher, backlog, stages of an enrichment",
    imports: ["domain", "observability", "queue", "resilience"],
  },
  lookup: {
    holds: "histories on demand: API routes, contracts of the Lambda function",
    imports: ["domain", "observability", "resilience"],
  },
  operations: {
    holds: "setup, doctor, dead letters, data actions, explain, report",
    imports: [
      "domain",
      "observability",
      "resilience",
      "queue",
      "oracle",
      "genesys",
      "fleet",
      "config",
      "lookup",
    ],
  },
  panel: { holds: "the agent's panel", imports: ["domain", "config"] },
  app: {
    holds: "the composition root: builds worker, lookups and doctor from a configuration",
    imports: [
      "domain",
      "observability",
      "resilience",
      "queue",
      "oracle",
      "genesys",
      "fleet",
      "config",
      "pipeline",
      "lookup",
      "operations",
    ],
  },
  cli: {
    holds: "one file a command",
    imports: [
      "domain",
      "observability",
      "resilience",
      "queue",
      "oracle",
      "genesys",
      "config",
      "lookup",
      "operations",
      "app",
    ],
  },
  sandbox: {
    holds: "simulators, and the environment and samples that run on them",
    imports: ["domain", "observability", "operations", "panel"],
  },
};

/** The only product file that may import the sandbox: the command that starts it. */
export const SANDBOX_COMMAND = "src/cli/sandbox.ts";

/** The simulators import nothing but one another and packages. */
export const SIMULATORS = "src/sandbox/simulators/";
