import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/domain/time.ts";
import { metrics } from "../../../src/observability/metrics/metric-names.ts";
import { about, enriched, timeout } from "../../support/log.ts";
import { reportSome, startMetrics } from "../../support/metrics.ts";

describe("for Prometheus", () => {
  it("counts facts by fixed label values", async () => {
    const { listen, prometheus } = startMetrics();
    reportSome(listen);
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

  it("counts matches by how sure they are, in shadow mode too", async () => {
    const { listen, prometheus } = startMetrics();
    listen("enrichment.written", { ...enriched, matchedBy: "phone:exact" });
    listen("enrichment.shadowed", { ...enriched, matchedBy: "phone:national", attributes: {} });
    listen("enrichment.written", { ...enriched, status: "not_found" });
    const text = await prometheus();
    const counts = text.split("\n").filter((line) => line.startsWith("ringahead_matched_total{"));
    expect(counts).toEqual([
      'ringahead_matched_total{by="phone:exact"} 1',
      'ringahead_matched_total{by="phone:national"} 1',
    ]);
  });

  it("has the meaning of each metric", async () => {
    const { listen, prometheus } = startMetrics();
    reportSome(listen);
    const help = `# HELP ringahead_backlog_size ${metrics.backlog_size.meaning}`;
    expect(await prometheus()).toContain(help);
  });

  it("counts waits, deferrals and redeliveries", async () => {
    const { listen, prometheus } = startMetrics();
    listen("event.received", {
      ...about,
      messageId: "m",
      happenedAt: epochMs(1),
      busAt: epochMs(1),
      queuedAt: epochMs(1),
      receiveCount: 2,
    });
    listen("backlog.joined", { ...about, attempt: 1, waiting: 3 });
    listen("enrichment.yielded", { ...about, attempt: 1 });
    listen("backlog.made_room", { ...about, delayMs: 1 });
    listen("backlog.given_back", about);
    listen("attributes.emptied", { ...about, participantId: "p-1" });
    listen("attributes.not_emptied", { ...about, ...timeout });
    listen("limiter.foreign", { source: "genesys", count: 12 });
    listen("fleet.apart", { source: "oracle", reason: "Redis cannot be reached" });
    const text = await prometheus();
    for (const line of [
      "ringahead_redelivered_total 1",
      "ringahead_waited_total 1",
      "ringahead_yielded_total 1",
      "ringahead_made_room_total 1",
      "ringahead_given_back_total 1",
      "ringahead_emptied_total 1",
      'ringahead_not_emptied_total{code="timeout"} 1',
      'ringahead_foreign_requests_total{api="genesys"} 12',
      'ringahead_fleet_apart_total{api="oracle"} 1',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });
});

describe("for CloudWatch", () => {
  it("writes one document for the service, and one for each value of a few labels", async () => {
    const { listen, emf } = startMetrics();
    reportSome(listen);
    const documents = await emf();
    const [whole] = documents;
    expect(whole).toMatchObject({
      received: 2,
      enriched: 1,
      dead_lettered: 2,
      expired: 1,
      limiter_pauses: 1,
      breaker_open: 1,
      backlog_size: 7,
      event_to_attributes_ms: [2_100],
      head_start_ms: [3_000],
    });
    expect(whole?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([["Service"]]);
    expect(documents.find(({ Code }) => Code === "bad_event")).toMatchObject({ dead_lettered: 1 });
    expect(documents.find(({ Api }) => Api === "genesys")).toMatchObject({ breaker_open: 0 });
    expect(documents.find(({ Api }) => Api === "oracle")).toMatchObject({
      breaker_open: 1,
      calls_per_conversation: [3],
    });
    expect(whole).not.toHaveProperty("calls_per_conversation");
  });

  it("splits more than a hundred values into several documents", async () => {
    const { listen, emf } = startMetrics();
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

  it("has the totals of the minute, not since the start", async () => {
    const { listen, prometheus, emf } = startMetrics();
    reportSome(listen);
    await prometheus();
    expect((await emf())[0]).toMatchObject({ received: 2 });
  });
});
