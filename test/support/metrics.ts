import { onTestFinished } from "vitest";
import { z } from "zod";
import type { ApiState } from "../../src/domain/api-state.ts";
import { topics } from "../../src/domain/event/rules.ts";
import { epochMs } from "../../src/domain/time.ts";
import type { Facts, Report } from "../../src/observability/facts/facts.ts";
import { createMetrics } from "../../src/observability/metrics/metrics.ts";
import { about, enriched, timeout } from "./log.ts";

const oracle: ApiState = {
  source: "oracle",
  breaker: { state: "open", code: "timeout" } as ApiState["breaker"],
  budget: { limit: 200, used: 50, pausedForMs: 1_500 } as ApiState["budget"],
  waiting: 3,
};
const genesys: ApiState = {
  ...oracle,
  source: "genesys",
  breaker: { state: "closed" } as ApiState["breaker"],
};

/** The metrics of a worker, with their CloudWatch lines. */
export function startMetrics() {
  const lines: string[] = [];
  const created = createMetrics({
    protection: () => [oracle, genesys],
    load: () => ({ inHand: 2, waiting: 7, oldestMs: 4_000 }),
    emf: { service: "test", write: (line) => lines.push(line), now: () => 1_000 },
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= created.close();
    return closed;
  };
  onTestFinished(close);
  /** Ends the minute and returns its documents. */
  async function emf() {
    await close();
    return lines.map((line) => emfSchema.parse(JSON.parse(line)));
  }
  return { ...created, emf };
}

/** Amazon CloudWatch User Guide, "Specification: Embedded metric format". */
const emfSchema = z.looseObject({
  Service: z.literal("test"),
  _aws: z.strictObject({
    Timestamp: z.number(),
    CloudWatchMetrics: z
      .array(
        z.strictObject({
          Namespace: z.literal("Ringahead"),
          Dimensions: z.array(z.array(z.string()).max(30)),
          Metrics: z
            .array(
              z.strictObject({
                Name: z.string(),
                Unit: z.enum(["Count", "Milliseconds", "Percent", "Seconds"]),
              }),
            )
            .max(100),
        }),
      )
      .length(1),
  }),
});

/** Reports one of most facts. */
export function reportSome(report: Report): void {
  const called = {
    ...about,
    source: "oracle",
    method: "POST",
    route: "/search",
    waitedMs: 0,
    tookMs: 5,
  } as const satisfies Facts["api.called"];
  report("event.received", {
    ...about,
    messageId: "m",
    happenedAt: epochMs(1),
    busAt: epochMs(1),
    queuedAt: epochMs(1),
    receiveCount: 1,
  });
  report("event.received", {
    topic: "+1 555 019 9999",
    messageId: "m",
    happenedAt: epochMs(1),
    busAt: epochMs(1),
    queuedAt: epochMs(1),
    receiveCount: 1,
  });
  report("api.called", { ...called, status: 200 });
  report("api.called", { ...called, status: 429 });
  report("api.called", { ...called, code: "timeout" });
  report("enrichment.written", enriched);
  report("enrichment.expired", { ...about, code: "too_old", reason: "it is too old" });
  report("limiter.paused", { source: "genesys", forMs: 1_000 });
  report("token.failed", timeout);
  report("headstart.measured", { ...about, topic: topics.userStart, headStartMs: 3_000 });
  report("headstart.measured", { ...about, topic: topics.userStart, headStartMs: -3_000 });
  report("event.dead_lettered", { ...about, ...timeout, messageId: "m" });
  report("event.dead_lettered", { ...about, ...timeout, code: "bad_event", messageId: "m" });
}
