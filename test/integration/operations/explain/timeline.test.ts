import { describe, expect, it } from "vitest";
import type { AcknowledgeReason } from "../../../../src/domain/conversation/acknowledge-reason.ts";
import { topics } from "../../../../src/domain/event/rules.ts";
import { after } from "../../../../src/domain/time.ts";
import type { LogLine } from "../../../../src/observability/facts/line.ts";
import { timelineText } from "../../../../src/operations/explain/text.ts";
import { createTimelineBuilder } from "../../../../src/operations/explain/timeline.ts";
import {
  about,
  asText,
  enriched,
  LOG_BEGINS,
  line,
  received,
  ringahead,
  timeout,
} from "../../../support/log.ts";

function told(...lines: readonly LogLine[]) {
  const teller = createTimelineBuilder("c-1");
  for (const one of lines) teller.take(one);
  return teller.story();
}
const why = (...lines: readonly LogLine[]) => told(...lines).result;

const good = [
  received(),
  line("enrichment.begun", { ...about, attempt: 1, waitedMs: 20 }, 520),
  line(
    "identity.tried",
    { ...about, by: "address", identifiedBy: "phone", form: "national", masked: "+49…78" },
    521,
  ),
  line(
    "api.called",
    {
      ...about,
      source: "oracle",
      method: "POST",
      route: "/api/rest/v1/customers/search",
      status: 200,
      waitedMs: 900,
      tookMs: 400,
    },
    1_900,
  ),
  line(
    "customer.looked_up",
    { ...about, identifiedBy: "phone", match: "found", cached: false, oracleMs: 1_400 },
    1_921,
  ),
  line("enrichment.written", enriched, 2_100),
  line("write.confirmed", { ...about, topic: topics.attributes, sinceWriteMs: 150 }, 2_300),
  received(
    { topic: topics.userStart, eventId: "e-2", happenedAt: after(LOG_BEGINS, 6_000) },
    6_400,
  ),
  line("headstart.measured", { ...about, topic: topics.userStart, headStartMs: 3_900 }, 6_401),
];

describe("the story of a conversation", () => {
  it("is told in order, with times and in words", () => {
    expect(timelineText(told(...good.toReversed()))).toBe(
      [
        "Conversation c-1, 2026-03-12 (UTC)",
        "  10:00:00.000  at Genesys: the customer's session started (VOICE)",
        "  10:00:00.500  received: the customer's session started, 500 ms after it happened",
        "  10:00:00.520  try 1 began, after 20 ms in the backlog",
        "  10:00:00.521  looked up by the number +49…78, written in national form",
        "  10:00:01.900  Oracle answered 200 in 400 ms, after 900 ms for budget (POST /api/rest/v1/customers/search)",
        "  10:00:01.921  Oracle knows the customer (1.4 s)",
        '  10:00:02.100  wrote the status "found", 2.1 s after the event (20 ms waiting, 1.4 s Oracle, 100 ms Genesys)',
        "  10:00:02.300  Genesys confirmed what was written, 150 ms after it",
        "  10:00:06.000  at Genesys: an agent connected (VOICE)",
        "  10:00:06.400  received: an agent connected, 400 ms after it happened",
        "  10:00:06.401  the history was there 3.9 s before the agent",
        "",
        'The status "found" was written; the history was there 3.9 s before the agent.',
      ].join("\n"),
    );
  });

  it("tells an event once, however often it is delivered", () => {
    const { steps } = told(received(), received({ receiveCount: 2 }, 40_000));
    expect(steps.map(({ says }) => says)).toEqual([
      "at Genesys: the customer's session started (VOICE)",
      "received: the customer's session started, 500 ms after it happened",
      "received: the customer's session started, 40.0 s after it happened; delivery 2 of its message",
    ]);
  });

  it("says who takes over from whom", () => {
    const at = (worker: string, receiveCount: number, ms: number) => ({
      ...received({ receiveCount }, ms),
      worker,
    });
    const { steps } = told(
      at("aaaa1111", 1, 500),
      line("backlog.joined", { ...about, attempt: 1, waiting: 2 }, 501),
      line("backlog.given_back", about, 900),
      at("bbbb2222", 2, 1_500),
      ...good.slice(1, 2),
    );
    expect(steps.map(({ says }) => says).slice(2)).toEqual([
      "waits in the backlog, one of 2",
      "try 1 began, after 20 ms in the backlog",
      "back to the queue at once: the worker stops, another one takes over",
      "worker bbbb2222 takes over from worker aaaa1111",
      "received: the customer's session started, 1.5 s after it happened; delivery 2 of its message",
    ]);
  });

  it("tells of the end: what was written is emptied", () => {
    const { steps, result } = told(
      ...good,
      line("attributes.not_emptied", { ...about, ...timeout }, 900_000),
      line("attributes.emptied", { ...about, participantId: "p-1" }, 960_000),
    );
    expect(steps.slice(-2).map(({ says }) => says)).toEqual([
      expect.stringMatching(/could not be emptied: POST .* \[oracle: timeout\]/),
      "what was written about the customer was emptied",
    ]);
    expect(result.says).toMatch(/It was emptied after the customer had left\.$/);
  });

  it("tells what concerns everybody, and may be the cause", () => {
    const { steps } = told(
      received(),
      line("fleet.apart", { source: "genesys", reason: "Redis cannot be reached" }, 501),
      line("queue.failed", { reason: "the queue refused sqs:ReceiveMessage" }, 502),
      line("operations.noted", { errorCode: "rate.limit.exceeded", slowed: true }, 503),
      line("enrichment.yielded", { ...about, attempt: 1 }, 600),
    );
    expect(steps.map(({ says }) => says).slice(2, -1)).toEqual([
      "(everybody) a worker kept to its share of Genesys' budget: Redis cannot be reached",
      "(everybody) the queue refused sqs:ReceiveMessage",
      "(everybody) Genesys Cloud reported trouble of its own: rate.limit.exceeded; half of its budget was taken as spent",
    ]);
  });

  it("names an outage of its time, and none of another", () => {
    const opened = { ...timeout, forMs: 10_000 };
    const { steps } = told(
      line("breaker.opened", opened, -120_000),
      ...good,
      line("breaker.opened", opened, 1_000),
      line("breaker.opened", opened, 60_000),
    );
    expect(steps.filter(({ says }) => says.startsWith("(everybody)"))).toHaveLength(1);
  });

  it("keeps to its own conversation", () => {
    expect(told(line("enrichment.written", { ...enriched, conversationId: "c-2" })).steps).toEqual(
      [],
    );
  });
});

describe("why nothing was written", () => {
  const delayed = line(
    "enrichment.delayed",
    { ...about, ...timeout, attempt: 1, delayMs: 2_000 },
    900,
  );
  const expired = line(
    "enrichment.expired",
    { ...about, code: "conversation_ended", reason: "the customer left before it was written" },
    5_000,
  );
  const acknowledged = (because: AcknowledgeReason, topic: string = topics.customerStart) =>
    line("event.acknowledged", { ...about, topic, because }, 600);

  it.each([
    ["nothing is known", [], /says nothing of the conversation/, /EventBridge/],
    [
      "dead letter",
      [received(), line("event.dead_lettered", { ...about, ...timeout, messageId: "m-1" }, 900)],
      /is a dead letter \(oracle: timeout\)/,
      /dlq replay --conversation c-1/,
    ],
    ["the customer left", [received(), expired], /the customer left before/, undefined],
    [
      "the customer left in an outage",
      [received(), delayed, expired],
      /the customer left .* Before that: POST .* had not answered/,
      /response times/,
    ],
    ["not yet", [received(), delayed], /Nothing is written yet: POST .* the log ends/, /times/],
    [
      "no room yet",
      [received(), line("backlog.made_room", { ...about, delayMs: 120_000 }, 900)],
      /the backlog was full/,
      undefined,
    ],
    [
      "still in line",
      [received(), line("backlog.joined", { ...about, attempt: 1, waiting: 40 }, 600)],
      /Nothing is written yet: it waits in the backlog for budget/,
      undefined,
    ],
    [
      "others first",
      [received(), line("enrichment.yielded", { ...about, attempt: 1 }, 600)],
      /others had no agent yet/,
      undefined,
    ],
    [
      "nobody took over yet",
      [received(), line("backlog.given_back", about, 600)],
      /the worker that had it stopped/,
      undefined,
    ],
    [
      "it ended while it waited",
      [
        received(),
        line("backlog.joined", { ...about, attempt: 1, waiting: 40 }, 600),
        acknowledged("conversation_ended"),
      ],
      /^Nothing was written: the conversation has ended/,
      undefined,
    ],
    [
      "a duplicate was let go while its twin waits",
      [
        received(),
        line("backlog.joined", { ...about, attempt: 1, waiting: 40 }, 600),
        acknowledged("owned_by_other_message"),
      ],
      /it waits in the backlog/,
      undefined,
    ],
    [
      "too old",
      [
        received(),
        line("enrichment.expired", { ...about, code: "too_old", reason: "it is too old" }, 600),
      ],
      /^Nothing was written: it is too old/,
      undefined,
    ],
    [
      "shadow",
      [
        received(),
        line("enrichment.shadowed", { ...enriched, attributes: { oracle_status: 5 } }, 900),
      ],
      /for SHADOW is on; the status "found" would have been/,
      /Unset SHADOW/,
    ],
    [
      "the start is not there",
      [received({ topic: topics.userStart }), acknowledged("recorded", topics.userStart)],
      /start of the customer's session is not in this log/,
      /customer.start/,
    ],
    [
      "somebody else's",
      [received(), acknowledged("owned_by_other_message")],
      /another message carries/,
      undefined,
    ],
    ["the worker was killed", [received()], /it ends while/, /all workers/],
  ] as const)("%s", (_, lines, says, cure) => {
    const result = why(...lines);
    expect(result.written).toBeUndefined();
    expect(result.says).toMatch(says);
    if (cure === undefined) expect(result.cure).toBeUndefined();
    else expect(result.cure).toMatch(cure);
  });

  it("or only that Oracle could not be asked", () => {
    const unavailable = { ...enriched, status: "unavailable" } as const;
    const result = why(received(), delayed, line("enrichment.written", unavailable, 1_000));
    expect(result).toMatchObject({ written: "unavailable", cure: timeout.cure });
    expect(result.says).toMatch(/Only "unavailable" was written: POST/);
  });
});

describe("ringahead explain", () => {
  it("reads what is piped into it, with a carrier's prefix and lines of others", async () => {
    const text = asText(good).replace(/^/gm, "2026-03-12T10:00:00.1+00:00 worker/7 ");
    const ran = await ringahead(["explain", "c-1", "--log", "-"], `starting\n${text}`);
    expect(ran.err).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('The status "found" was written');
  });

  it("prints JSON, and exits with 1 where there is nothing to tell", async () => {
    const { code, out } = await ringahead(["explain", "c-9", "--log", "-", "--json"], asText(good));
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      conversationId: "c-9",
      steps: [],
      log: { lines: 9, unread: 0 },
    });
  });

  it("says so where the log cannot be read", async () => {
    const { code, err } = await ringahead(["explain", "c-1", "--log", "/nowhere/log"], "");
    expect(code).toBe(2);
    expect(err).toContain('the log "/nowhere/log" cannot be read (ENOENT)');
  });
});
