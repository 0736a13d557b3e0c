import { expect, it, onTestFinished } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import { startStatusServer } from "../../../src/app/status-server.ts";
import type { BudgetMode } from "../../../src/domain/api-state.ts";
import { createTestClocks, HOUR_MS } from "../../support/clocks.ts";

it.each<[BudgetMode, string]>([
  ["alone", "alone"],
  ["shared", "together"],
  ["degraded", "apart"],
])("/readyz publishes the budget mode %s as the standing %s", async (mode, published) => {
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
    clocks: systemClocks(),
  });
  onTestFinished(() => server.close());
  const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ready: true,
    apis: [{ budget: { standing: published, limit: 60, used: 3, pausedForMs: 0, workers: 2 } }],
  });
});

it("a wall clock that is set forward an hour neither ends a worker nor hides when it last moved", async () => {
  const clocks = createTestClocks();
  const movedAt = clocks.monotonicNow();
  const moved = clocks.epochNow();
  const server = await startStatusServer({
    port: 0,
    protection: () => [],
    phase: () => ({ name: "consuming" }),
    load: () => ({ inHand: 0, waiting: 0, oldestMs: 0, movedAt, queueTrouble: undefined }),
    metrics: () => Promise.resolve(""),
    clocks,
  });
  onTestFinished(() => server.close());
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  clocks.pass(1_000);
  expect((await ask("/readyz")).body).toMatchObject({ load: { movedAt: moved } });
  clocks.correct(HOUR_MS);
  const live = { status: 200, body: { live: true, stillForMs: 1_000 } };
  expect(await ask("/livez")).toEqual(live);
  clocks.correct(-2 * HOUR_MS);
  expect(await ask("/livez")).toEqual(live);
  clocks.pass(90_000);
  expect(await ask("/livez")).toMatchObject({ status: 503, body: { live: false } });
});
