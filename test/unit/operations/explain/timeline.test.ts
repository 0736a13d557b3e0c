import { describe, expect, it } from "vitest";
import type { AcknowledgeReason } from "../../../../src/domain/conversation/acknowledge-reason.ts";
import { topics } from "../../../../src/domain/event/rules.ts";
import { after } from "../../../../src/domain/time.ts";
import type { LogLine } from "../../../../src/observability/facts/line.ts";
import { timelineText } from "../../../../src/operations/explain/text.ts";
import { createTimelineBuilder } from "../../../../src/operations/explain/timeline.ts";
import { about, enriched, LOG_START, line, received, timeout } from "../../../support/log.ts";

function timelineOf(...lines: readonly LogLine[]) {
  const builder = createTimelineBuilder("c-1");
  for (const one of lines) builder.take(one);
  return builder.build();
}
const resultOf = (...lines: readonly LogLine[]) => timelineOf(...lines).result;

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
    {
      ...about,
      by: "address",
      identifiedBy: "phone",
      match: "found",
      cached: false,
      oracleMs: 1_400,
    },
    1_921,
  ),
  line("enrichment.written", enriched, 2_100),
  line("write.confirmed", { ...about, topic: topics.attributes, sinceWriteMs: 150 }, 2_300),
  received({ topic: topics.userStart, eventId: "e-2", happenedAt: after(LOG_START, 6_000) }, 6_400),
  line("headstart.measured", { ...about, topic: topics.userStart, headStartMs: 3_900 }, 6_401),
];

describe("the result of a conversation", () => {
  const judged = line("participant.judged", { ...about, participantId: "p-1", part: "came_in" }, 1);

  it.each([
    [
      "phone:exact",
      /found by the telephone number with its country code \(phone:exact\)\. No match/,
    ],
    ["email:exact", /found by the email address \(email:exact\)\. No match is surer/],
    ["reference", /that a flow collected \(reference\)\. .*confirm who is calling/],
    ["contact", /external contact in Genesys Cloud \(contact\)\./],
    ["phone:national", /without its country code \(phone:national\)\. It is the least sure match/],
  ] as const)(
    "says how the customer was found and how sure that is: %s",
    (matchedBy, sentences) => {
      const written = line("enrichment.written", { ...enriched, matchedBy });
      expect(resultOf(received(), judged, written).says).toMatch(sentences);
      const shadowed = line("enrichment.shadowed", { ...enriched, matchedBy, attributes: {} });
      expect(resultOf(received(), judged, shadowed).says).toMatch(sentences);
    },
  );

  it.each([
    ["ambiguous", "phone", "Several customers match equally well"],
    ["not_found", "phone", "No customer in Oracle has"],
    ["anonymous", "withheld", "No lookup was possible: the caller withheld the number."],
    ["anonymous", "opaque", "neither a telephone number nor an email address"],
  ] as const)("says why the screen is empty: %s, %s", (status, identifiedBy, sentence) => {
    const written = line("enrichment.written", { ...enriched, status, identifiedBy });
    expect(resultOf(received(), judged, written).says).toContain(sentence);
  });
});

describe("the timeline of a conversation", () => {
  it("has its steps in order of time", () => {
    expect(timelineText(timelineOf(...good.toReversed()))).toBe(
      [
        "Conversation c-1, 2026-03-12 (UTC)",
        "  10:00:00.000  at Genesys: the customer's session started (VOICE)",
        "  10:00:00.500  received: the customer's session started, 500 ms after it happened",
        "  10:00:00.520  attempt 1 started after 20 ms in the backlog",
        "  10:00:00.521  lookup by the number +49…78, written in national form",
        "  10:00:01.900  Oracle answered 200 in 400 ms, after waiting 900 ms for budget (POST /api/rest/v1/customers/search)",
        "  10:00:01.921  Oracle found the customer (1.4 s)",
        '  10:00:02.100  the status "found" was written 2.1 s after the event (20 ms waiting, 1.4 s Oracle, 100 ms Genesys)',
        "  10:00:02.300  Genesys confirmed the write after 150 ms",
        "  10:00:06.000  at Genesys: an agent connected (VOICE)",
        "  10:00:06.400  received: an agent connected, 400 ms after it happened",
        "  10:00:06.401  the history was ready 3.9 s before the agent connected",
        "",
        'The status "found" was written; the history was ready 3.9 s before the agent connected.',
      ].join("\n"),
    );
  });

  it("has an event once, however often it is delivered", () => {
    const { steps } = timelineOf(received(), received({ receiveCount: 2 }, 40_000));
    expect(steps.map(({ says }) => says)).toEqual([
      "at Genesys: the customer's session started (VOICE)",
      "received: the customer's session started, 500 ms after it happened",
      "received: the customer's session started, 40.0 s after it happened; delivery 2 of the message",
    ]);
  });

  it("says by which key the customer was found", () => {
    const lookup = {
      ...about,
      by: "reference",
      identifiedBy: "reference",
      match: "found",
    } as const;
    const { steps } = timelineOf(
      line("customer.looked_up", {
        ...{ ...lookup, matchedBy: "reference", cached: false, oracleMs: 45 },
      }),
    );
    expect(steps.map(({ says }) => says)).toEqual([
      "Oracle found the customer by the account, customer or case number that a flow collected (reference, 45 ms)",
    ]);
  });

  it("says which worker takes over from which", () => {
    const at = (worker: string, receiveCount: number, ms: number) => ({
      ...received({ receiveCount }, ms),
      worker,
    });
    const { steps } = timelineOf(
      at("aaaa1111", 1, 500),
      line("backlog.joined", { ...about, attempt: 1, waiting: 2 }, 501),
      line("backlog.given_back", about, 900),
      at("bbbb2222", 2, 1_500),
      ...good.slice(1, 2),
    );
    expect(steps.map(({ says }) => says).slice(2)).toEqual([
      "queued in the backlog, 2 waiting",
      "attempt 1 started after 20 ms in the backlog",
      "requeued: the worker stops, and another one takes over",
      "worker bbbb2222 takes over from worker aaaa1111",
      "received: the customer's session started, 1.5 s after it happened; delivery 2 of the message",
    ]);
  });

  it("ends with the emptied attributes", () => {
    const { steps, result } = timelineOf(
      ...good,
      line("attributes.not_emptied", { ...about, ...timeout }, 900_000),
      line("attributes.emptied", { ...about, participantId: "p-1" }, 960_000),
    );
    expect(steps.slice(-2).map(({ says }) => says)).toEqual([
      expect.stringMatching(/could not be emptied: POST .* \[oracle: timeout\]/),
      "the attributes with personal data were emptied",
    ]);
    expect(result.says).toMatch(
      /The attributes with personal data were emptied after the customer left\.$/,
    );
  });

  it("has facts about all conversations, which may be the cause", () => {
    const { steps } = timelineOf(
      received(),
      line("fleet.apart", { source: "genesys", reason: "Redis cannot be reached" }, 501),
      line("queue.failed", { reason: "the queue refused sqs:ReceiveMessage" }, 502),
      line("operations.noted", { errorCode: "rate.limit.exceeded", slowed: true }, 503),
      line("enrichment.yielded", { ...about, attempt: 1 }, 600),
    );
    expect(steps.map(({ says }) => says).slice(2, -1)).toEqual([
      "(all conversations) a worker uses only its own share of the Genesys budget: Redis cannot be reached",
      "(all conversations) the queue refused sqs:ReceiveMessage",
      "(all conversations) Genesys Cloud reported a problem: rate.limit.exceeded; half of its budget counts as used",
    ]);
  });

  it("has an outage of its period only", () => {
    const opened = { ...timeout, forMs: 10_000 };
    const { steps } = timelineOf(
      line("breaker.opened", opened, -120_000),
      ...good,
      line("breaker.opened", opened, 1_000),
      line("breaker.opened", opened, 60_000),
    );
    expect(steps.filter(({ says }) => says.startsWith("(all conversations)"))).toHaveLength(1);
  });

  it("has no step of another conversation", () => {
    expect(
      timelineOf(line("enrichment.written", { ...enriched, conversationId: "c-2" })).steps,
    ).toEqual([]);
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
    ["no line", [], /has no line about the conversation/, /EventBridge/],
    [
      "a dead letter",
      [received(), line("event.dead_lettered", { ...about, ...timeout, messageId: "m-1" }, 900)],
      /is a dead letter \(oracle: timeout\)/,
      /dlq replay --conversation c-1/,
    ],
    ["the customer left", [received(), expired], /the customer left before/, undefined],
    [
      "the customer left in an outage",
      [received(), delayed, expired],
      /the customer left .* Before that: POST .* sent no complete answer/,
      /response times/,
    ],
    [
      "a retry is due",
      [received(), delayed],
      /Nothing is written yet: POST .* The log ends/,
      /times/,
    ],
    [
      "the backlog was full",
      [received(), line("backlog.made_room", { ...about, delayMs: 120_000 }, 900)],
      /the backlog was full/,
      undefined,
    ],
    [
      "in the backlog",
      [received(), line("backlog.joined", { ...about, attempt: 1, waiting: 40 }, 600)],
      /Nothing is written yet: it waits in the backlog\./,
      undefined,
    ],
    [
      "deferred",
      [received(), line("enrichment.yielded", { ...about, attempt: 1 }, 600)],
      /conversations without an agent go first/,
      undefined,
    ],
    [
      "no worker took over yet",
      [received(), line("backlog.given_back", about, 600)],
      /the worker that processed it stopped/,
      undefined,
    ],
    [
      "the session ended while it waited",
      [
        received(),
        line("backlog.joined", { ...about, attempt: 1, waiting: 40 }, 600),
        acknowledged("conversation_ended"),
      ],
      /^Nothing was written: the conversation has ended/,
      undefined,
    ],
    [
      "a duplicate was acknowledged while its owner waits",
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
      /because SHADOW is on. Otherwise the status "found" would have been written/,
      /Unset SHADOW/,
    ],
    [
      "the start is not in the log",
      [received({ topic: topics.userStart }), acknowledged("recorded", topics.userStart)],
      /start of the customer's session is not in this log/,
      /customer.start/,
    ],
    [
      "owned by another message",
      [received(), acknowledged("owned_by_other_message")],
      /another message owns/,
      undefined,
    ],
    ["the worker was killed", [received()], /the log ends while/, /all workers/],
  ] as const)("%s", (_, lines, says, cure) => {
    const result = resultOf(...lines);
    expect(result.written).toBeUndefined();
    expect(result.says).toMatch(says);
    if (cure === undefined) expect(result.cure).toBeUndefined();
    else expect(result.cure).toMatch(cure);
  });

  it("or why only `unavailable` was", () => {
    const unavailable = { ...enriched, status: "unavailable" } as const;
    const result = resultOf(received(), delayed, line("enrichment.written", unavailable, 1_000));
    expect(result).toMatchObject({ written: "unavailable", cure: timeout.cure });
    expect(result.says).toMatch(/Only the status "unavailable" was written: POST/);
  });
});

describe("the participants of a conversation", () => {
  const caller = { ...about, participantId: "p-1", part: "came_in" } as const;
  const leg = { ...about, eventId: "e-9", participantId: "p-9", part: "third_party" } as const;
  const left = line(
    "event.acknowledged",
    { ...about, eventId: "e-9", because: "third_party" },
    9_000,
  );
  const sentences =
    " Participant p-1 is taken: the customer who came in first." +
    " Participant p-9 is left alone: an agent called this party while a customer was there.";

  it("are named with the reason why they were taken or left", () => {
    const { steps, result } = timelineOf(
      ...good,
      line("participant.judged", caller, 519),
      line("participant.judged", leg, 9_000),
      left,
    );
    expect(steps.map(({ says }) => says)).toEqual(
      expect.arrayContaining([
        "participant p-1 is taken: the customer who came in first",
        "participant p-9 is left alone: an agent called this party while a customer was there",
      ]),
    );
    expect(result).toMatchObject({
      written: "found",
      says: expect.stringContaining(sentences),
      participants: [
        { participantId: "p-1", part: "came_in" },
        { participantId: "p-9", part: "third_party" },
      ],
    });
  });

  it("the status is that of the customer, also if another one was written later", () => {
    const later = { ...enriched, participantId: "p-2", status: "not_found" } as const;
    const result = resultOf(
      line("participant.judged", caller, 1),
      line("enrichment.written", enriched, 2),
      line("participant.judged", { ...caller, participantId: "p-2", part: "came_in_later" }, 3),
      line("enrichment.written", later, 4),
    );
    expect(result.written).toBe("found");
    expect(result.says).toContain("Participant p-2 is taken: a further customer");
  });

  it("a party that is left alone does not hide that the customer still waits", () => {
    const waits = [received(), line("backlog.joined", { ...about, attempt: 1, waiting: 7 }, 600)];
    expect(resultOf(...waits, left).says).toContain("it waits in the backlog");
    const begun = [received(), line("participant.judged", caller, 600)];
    expect(resultOf(...begun, left).says).toContain("in progress");
    expect(resultOf(received(), line("participant.judged", leg, 600), left).says).toBe(
      "Nothing was written: an agent called this party while a customer was there." +
        " Participant p-9 is left alone: an agent called this party while a customer was there.",
    );
  });

  it("is taken as it was judged last", () => {
    const first = line("participant.judged", { ...leg, part: "called" }, 1);
    expect(resultOf(received(), first, line("participant.judged", leg, 2)).participants).toEqual([
      { participantId: "p-9", part: "third_party" },
    ]);
  });
});
