import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/domain/time.ts";
import type { FactName, Report } from "../../../src/observability/facts/facts.ts";
import { idsOf } from "../../../src/observability/traces/spans.ts";
import { createTraces } from "../../../src/observability/traces/traces.ts";
import { sampleBody } from "../../support/events.ts";
import { about, enriched, timeout } from "../../support/log.ts";
import { attributesOf, startCollector } from "../../support/otlp.ts";
import { startWorld } from "../../support/world.ts";

/** The span kinds of OTLP. */
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;
const ms = (nanos: bigint) => Number(nanos / 1_000_000n);

it("a trace reaches from EventBridge's time to the PATCH", async () => {
  const collector = await startCollector();
  const world = await startWorld({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=s%20cret",
    },
  });
  const body = sampleBody("customer-start-voice");
  const { id, time, detail } = JSON.parse(body);
  world.sandbox.genesys.addConversation(detail.eventBody);
  await world.send(body);
  await world.fact("enrichment.written");
  expect(await world.worker.stop()).toBe(0);

  const { traceId, spanId } = idsOf(id);
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const [root] = spans.filter(({ kind }) => kind === PRODUCER);
  const [process] = spans.filter(({ kind }) => kind === CONSUMER);
  const calls = spans.filter(({ kind }) => kind === CLIENT);
  if (root === undefined || process === undefined) throw new Error("spans are missing");

  expect(root).toMatchObject({ spanId, name: "send ringahead-events" });
  expect(root.parentSpanId).toBeUndefined();
  expect(ms(root.startTimeUnixNano)).toBe(Date.parse(time));
  expect(process).toMatchObject({
    name: "process ringahead-events",
    parentSpanId: spanId,
    links: [{ traceId, spanId }],
  });
  expect(attributesOf(process)).toMatchObject({
    "messaging.system": "aws_sqs",
    "messaging.operation.type": "process",
    "messaging.destination.name": "ringahead-events",
    "messaging.message.conversation_id": detail.eventBody.conversationId,
    "ringahead.attempt": 1,
    "ringahead.status": "found",
  });
  expect(calls.map(({ name }) => name)).toEqual([
    "POST /api/rest/v1/customers/search",
    "GET /api/rest/v1/cases",
    "PATCH /api/v2/conversations/{id}/participants/{id}/attributes",
  ]);
  const patch = calls.at(-1);
  if (patch === undefined) throw new Error("no PATCH");
  expect(patch.parentSpanId).toBe(process.spanId);
  expect(attributesOf(patch)).toMatchObject({
    "http.request.method": "PATCH",
    "http.response.status_code": 202,
    "server.address": "127.0.0.1",
    "server.port": Number(new URL(world.sandbox.genesys.url).port),
    "url.template": "/api/v2/conversations/{id}/participants/{id}/attributes",
  });
  expect(ms(patch.endTimeUnixNano)).toBeGreaterThanOrEqual(ms(patch.startTimeUnixNano));
  expect(collector.headers[0]).toMatchObject({ "x-api-key": "s cret" });
});

describe("the spans of facts", () => {
  async function trace(reportFacts: (report: Report) => void, path = "") {
    const collector = await startCollector();
    const reported: FactName[] = [];
    let clock = 1_000_000;
    const traces = createTraces({
      endpoint: `${collector.url}${path}`,
      headers: {},
      service: "test",
      queueName: "q",
      servers: {},
      report: (name) => reported.push(name),
      now: () => {
        clock += 10;
        return clock;
      },
    });
    reportFacts(traces.listen);
    await traces.close();
    return { spans: collector.spans, reported };
  }
  const received = {
    ...about,
    messageId: "m-1",
    happenedAt: epochMs(900_000),
    busAt: epochMs(0),
    queuedAt: epochMs(950_000),
    receiveCount: 1,
  };

  it("each attempt has its own span under one root, with the code of its failure", async () => {
    const { spans } = await trace((report) => {
      report("event.received", received);
      report("enrichment.begun", { ...about, attempt: 1, waitedMs: 1 });
      report("enrichment.delayed", { ...about, ...timeout, attempt: 1, delayMs: 0 });
      report("enrichment.written", { ...enriched, status: "unavailable" });
      report("enrichment.begun", { ...about, attempt: 2, waitedMs: 1 });
      report("enrichment.written", enriched);
    });
    const [root, ...attempts] = spans;
    expect(ms(root?.startTimeUnixNano ?? 0n)).toBe(900_000);
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([root?.spanId, root?.spanId]);
    expect(attempts.map((one) => attributesOf(one))).toMatchObject([
      { "ringahead.attempt": 1, "error.type": "timeout" },
      { "ringahead.attempt": 2, "ringahead.status": "found" },
    ]);
    expect(attempts[0]?.status.code).toBe(2);
  });

  const begun = { ...about, attempt: 1, waitedMs: 1 };
  const patched = {
    ...about,
    source: "genesys",
    method: "PATCH",
    route: "/x",
    status: 202,
    waitedMs: 0,
    tookMs: 1,
  } as const;

  it("a write between two attempts has its own span, and so have emptied attributes", async () => {
    const { spans } = await trace((report) => {
      report("event.received", received);
      report("enrichment.begun", begun);
      report("enrichment.delayed", { ...about, ...timeout, attempt: 1, delayMs: 0 });
      report("api.called", patched);
      report("enrichment.written", { ...enriched, status: "unavailable" });
      report("event.received", { ...received, receiveCount: 2 });
      report("api.called", patched);
      report("attributes.emptied", { ...about, participantId: "p-1" });
    });
    const roots = spans.filter(({ kind }) => kind === PRODUCER);
    const consumers = spans.filter(({ kind }) => kind === CONSUMER);
    const calls = spans.filter(({ kind }) => kind === CLIENT);
    expect(roots).toHaveLength(1);
    expect(consumers.map((one) => attributesOf(one))).toMatchObject([
      { "error.type": "timeout" },
      { "ringahead.status": "unavailable" },
      { "ringahead.left": "emptied" },
    ]);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual(
      consumers.slice(1).map(({ spanId }) => spanId),
    );
  });

  it("an attempt that yields or is requeued says so", async () => {
    const { spans } = await trace((report) => {
      report("event.received", received);
      report("enrichment.begun", begun);
      report("enrichment.yielded", { ...about, attempt: 1 });
      report("enrichment.begun", begun);
      report("backlog.given_back", about);
      report("event.received", { ...received, receiveCount: 2 });
      report("backlog.made_room", { ...about, delayMs: 1 });
      report("event.received", { ...received, receiveCount: 3 });
      report("enrichment.begun", begun);
      report("enrichment.expired", { ...about, code: "conversation_ended", reason: "left" });
    });
    const [root, ...attempts] = spans;
    expect(root?.kind).toBe(PRODUCER);
    expect(attempts.map((one) => attributesOf(one))).toMatchObject([
      { "ringahead.left": "yielded" },
      { "ringahead.left": "given_back" },
      { "error.type": "conversation_ended" },
    ]);
  });

  it("an acknowledged duplicate does not end the span of its owner", async () => {
    const { spans } = await trace((report) => {
      report("event.received", received);
      report("enrichment.begun", begun);
      report("event.received", { ...received, messageId: "m-2" });
      report("event.acknowledged", { ...about, because: "owned_by_other_message" });
      report("api.called", patched);
      report("enrichment.written", enriched);
    });
    expect(spans.map(({ kind }) => kind).toSorted()).toEqual([CLIENT, PRODUCER, CONSUMER]);
    const process = spans.find(({ kind }) => kind === CONSUMER);
    expect(spans.find(({ kind }) => kind === CLIENT)?.parentSpanId).toBe(process?.spanId);
    if (process === undefined) throw new Error("no span of the attempt");
    expect(attributesOf(process)).toMatchObject({
      "messaging.message.id": "m-1",
      "ringahead.status": "found",
    });
  });

  it("an event without an attempt has no trace", async () => {
    const { spans } = await trace((report) => {
      report("event.received", received);
      report("event.acknowledged", { ...about, because: "recorded" });
    });
    expect(spans).toEqual([]);
  });

  it("a redelivered message continues the same trace, without a second root", async () => {
    const { spans } = await trace((report) => {
      report("event.received", { ...received, receiveCount: 2 });
      report("enrichment.begun", { ...about, attempt: 2, waitedMs: 1 });
      report("enrichment.written", enriched);
    });
    expect(spans).toMatchObject([{ kind: CONSUMER, ...{ traceId: idsOf("e-1").traceId } }]);
  });

  it("a collector that rejects spans is reported, and nothing else fails", async () => {
    const { reported } = await trace((report) => {
      report("event.received", received);
      report("enrichment.begun", { ...about, attempt: 1, waitedMs: 1 });
      report("enrichment.written", enriched);
    }, "/nowhere");
    expect(reported).toEqual(["traces.lost"]);
  });
});
