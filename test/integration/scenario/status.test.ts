import { expect, it } from "vitest";
import { sampleBody } from "../../support/events.ts";
import { startWorld } from "../../support/world.ts";

it("readiness and metrics show that calls to Oracle are paused, and why", async () => {
  const world = await startWorld({ environment: { HTTP_PORT: "0" } });
  const { port } = await world.fact("http.listening");
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  expect((await get("/livez")).status).toBe(200);
  const ready = await get("/readyz");
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, reasons: [] });

  // One revoked role: the breaker opens at once.
  world.sandbox.oracle.faults.push({ kind: "answer", status: 403, match: { path: /search/ } });
  await world.send(sampleBody("customer-start-voice"));
  await world.fact("breaker.opened");
  const notReady = await get("/readyz");
  expect(notReady.status).toBe(503);
  expect(await notReady.json()).toMatchObject({
    ready: false,
    reasons: ["oracle: the breaker is open (forbidden)"],
  });
  const metrics = await (await get("/metrics")).text();
  expect(metrics).toContain('ringahead_breaker_open{api="oracle"} 1');
  expect(metrics).toContain('ringahead_breaker_open{api="genesys"} 0');
  expect(metrics).toContain('ringahead_budget_limit{api="genesys"} 300');
});
