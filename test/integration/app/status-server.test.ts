import { expect, it, onTestFinished } from "vitest";
import { startStatusServer } from "../../../src/app/status-server.ts";
import type { BudgetMode } from "../../../src/domain/api-state.ts";

it.each<[BudgetMode, string]>([
  ["alone", "alone"],
  ["shared", "together"],
  ["degraded", "apart"],
])("/readyz publishes the budget mode %s as %s", async (mode, published) => {
  const server = await startStatusServer({
    port: 0,
    protection: () => [
      {
        source: "oracle",
        breaker: { state: "closed" },
        budget: { mode, limit: 60, used: 3, pausedForMs: 0, workers: 2 },
        waiting: 0,
      },
    ],
    phase: () => ({ name: "consuming" }),
    load: () => undefined,
    metrics: () => Promise.resolve(""),
    now: Date.now,
  });
  onTestFinished(() => server.close());
  const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ready: true,
    apis: [{ budget: { mode: published, limit: 60, used: 3, pausedForMs: 0, workers: 2 } }],
  });
});
