import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { topics } from "../../src/event/rules.ts";
import type { Facts, Report } from "../../src/facts/facts.ts";
import { metrics } from "../../src/facts/metric-names.ts";
import type { ApiState } from "../../src/protection/api.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { about, enriched, timeout } from "../support/log.ts";

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
  budget: { ...oracle.budget, limit: undefined },
};

function setUp() {
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
  /** What is written for the minute that ends now. */
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

/** A day of one conversation each. */
function tell(report: Report): void {
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
    happenedAt: 1,
    busAt: 1,
    queuedAt: 1,
    receiveCount: 1,
  });
  report("event.received", {
    topic: "+1 555 019 9999",
    messageId: "m",
    happenedAt: 1,
    busAt: 1,
    queuedAt: 1,
    receiveCount: 1,
  });
  report("api.called", { ...called, status: 200 });
  report("api.called", { ...called, status: 429 });
  report("api.called", { ...called, code: "timeout" });
  report("enrichment.written", enriched);
  report("headstart.measured", { ...about, topic: topics.userStart, headStartMs: 3_000 });
  report("headstart.measured", { ...about, topic: topics.userStart, headStartMs: -3_000 });
  report("event.dead_lettered", { ...about, ...timeout, messageId: "m" });
  report("event.dead_lettered", { ...about, ...timeout, code: "bad_event", messageId: "m" });
}

describe("for Prometheus", () => {
  it("counts the facts, by labels of our own words", async () => {
    const { listen, prometheus } = setUp();
    tell(listen);
    const text = await prometheus();
    for (const line of [
      'ringahead_received_total{topic="customerStart"} 1',
      'ringahead_received_total{topic="other"} 1',
      'ringahead_enriched_total{status="found"} 1',
      'ringahead_dead_lettered_total{code="bad_event"} 1',
      'ringahead_api_calls_total{api="oracle",outcome="2xx"} 1',
      'ringahead_api_calls_total{api="oracle",outcome="timeout"} 1',
      'ringahead_throttled_total{api="oracle"} 1',
      'ringahead_calls_per_conversation_sum{api="oracle"} 3',
      "ringahead_head_start_ms_count 1",
      "ringahead_late_ms_sum 3000",
      'ringahead_breaker_open{api="oracle"} 1',
      'ringahead_breaker_open{api="genesys"} 0',
      'ringahead_budget_used_percent{api="oracle"} 25',
      "ringahead_backlog_size 7",
      "ringahead_backlog_age_ms 4000",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).not.toMatch(/c-1|e-1|555/);
  });

  it("has a metric for every name of the table, with its meaning", async () => {
    const { listen, prometheus } = setUp();
    tell(listen);
    for (const name of ["shadowed", "made_room"] as const) {
      expect(metrics[name].kind).toBe("counter");
    }
    expect(await prometheus()).toContain(
      `# HELP ringahead_backlog_size ${metrics.backlog_size.meaning}`,
    );
  });
});

describe("for CloudWatch", () => {
  it("writes one document for the service, and one for each value of a few labels", async () => {
    const { listen, emf } = setUp();
    tell(listen);
    const documents = await emf();
    const [whole] = documents;
    expect(whole).toMatchObject({
      received: 2,
      enriched: 1,
      dead_lettered: 2,
      api_calls: 3,
      throttled: 1,
      breaker_open: 1,
      backlog_size: 7,
      event_to_attributes_ms: [2_100],
      head_start_ms: [3_000],
    });
    expect(whole?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([["Service"]]);
    expect(documents.find(({ Code }) => Code === "bad_event")).toMatchObject({ dead_lettered: 1 });
    expect(documents.find(({ Api }) => Api === "genesys")).toMatchObject({ breaker_open: 0 });
  });

  it("spreads more than a hundred values over several documents", async () => {
    const { listen, emf } = setUp();
    for (let n = 0; n < 250; n += 1) {
      listen("enrichment.written", { ...enriched, eventId: `e-${n}`, sinceEventMs: 2_000 });
    }
    const documents = await emf();
    const values = documents.flatMap((one) => one.event_to_attributes_ms ?? []);
    expect(values).toHaveLength(250);
    expect(new Set(values)).toEqual(new Set([2_000]));
    const lengths = documents.map((one) => [one.event_to_attributes_ms ?? []].flat().length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
  });

  it("tells what happened in the minute, not since the beginning", async () => {
    const { listen, prometheus, emf } = setUp();
    tell(listen);
    await prometheus();
    expect((await emf())[0]).toMatchObject({ received: 2 });
  });
});
