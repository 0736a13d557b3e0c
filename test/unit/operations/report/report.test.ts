import { describe, expect, it } from "vitest";
import { topics } from "../../../../src/domain/event/rules.ts";
import type { Facts } from "../../../../src/observability/facts/facts.ts";
import type { LogLine } from "../../../../src/observability/facts/line.ts";
import { outageCause } from "../../../../src/operations/report/outages.ts";
import { createReportBuilder } from "../../../../src/operations/report/report.ts";
import { reportText } from "../../../../src/operations/report/text.ts";
import {
  about,
  answeredConversation,
  enriched,
  line,
  received,
  timeout,
} from "../../../support/log.ts";

function reportOf(lines: readonly LogLine[]) {
  const { take, build } = createReportBuilder();
  for (const one of lines) take(one);
  return build(100_000);
}

const MINUTE = 60_000;
const started = line("worker.started", {
  node: "v24.0.0",
  shadow: false,
  dialect: "gateway",
  genesysPerMinute: 300,
});

function lookups(
  match: Facts["customer.looked_up"]["match"],
  form: Facts["customer.looked_up"]["form"],
  times: number,
): LogLine[] {
  const by = "address" as const;
  const fields = {
    ...about,
    by,
    identifiedBy: "phone",
    form,
    match,
    cached: false,
    oracleMs: 1_000,
  };
  return Array.from({ length: times }, () => line("customer.looked_up", fields));
}

describe("ready before the agent", () => {
  it("counts each conversation once, by what the agent saw", () => {
    const { conversations } = reportOf([
      ...answeredConversation("a", "found", 4_000),
      ...answeredConversation("b", "not_found", 1_000),
      ...answeredConversation("c", "found", -500),
      ...answeredConversation("d", "found", undefined),
      received({ conversationId: "e" }),
      received({ conversationId: "e", topic: topics.userStart }),
    ]);
    expect(conversations).toEqual({
      started: 5,
      written: { found: 3, not_found: 1, ambiguous: 0, anonymous: 0, unavailable: 0 },
      nothingWritten: 1,
      answered: { total: 4, ready: 2, late: 1, unavailable: 0, nothing: 1 },
      medianHeadStartMs: 1_000,
    });
  });

  it("counts a history that was written after `unavailable`", () => {
    const { conversations } = reportOf([
      ...answeredConversation("a", "unavailable", undefined),
      ...answeredConversation("a", "found", 100),
    ]);
    expect(conversations.written).toMatchObject({ found: 1, unavailable: 0 });
  });

  it("does not count a conversation whose start is not in the log", () => {
    expect(reportOf(answeredConversation("a", "found", 100).slice(1)).conversations.started).toBe(
      0,
    );
  });
});

describe("lookups", () => {
  it("are counted by kind of identifier and form of number, with advice on national numbers", () => {
    const unusable = { ...about, by: "address", identifiedBy: "withheld" } as const;
    const { matches, advice } = reportOf([
      ...lookups("found", "e164", 95),
      ...lookups("not_found", "e164", 5),
      ...lookups("found", "national", 10),
      ...lookups("not_found", "national", 30),
      line("identity.tried", unusable),
    ]);
    expect(matches).toEqual([
      { identifier: "phone, e164", found: 95, notFound: 5, ambiguous: 0, unusable: 0 },
      { identifier: "phone, national", found: 10, notFound: 30, ambiguous: 0, unusable: 0 },
      { identifier: "withheld", found: 0, notFound: 0, ambiguous: 0, unusable: 1 },
    ]);
    expect(advice).toEqual([expect.stringContaining("DEFAULT_PHONE_REGION")]);
  });
});

describe("budgets", () => {
  it("are measured by the busiest minute", () => {
    const call = {
      ...about,
      source: "genesys",
      method: "PATCH",
      route: "/x",
      tookMs: 100,
      waitedMs: 50,
    } as const;
    const { apis } = reportOf([
      started,
      ...Array.from({ length: 280 }, () => line("api.called", { ...call, status: 202 })),
      line("api.called", { ...call, status: 429 }, MINUTE),
      line("api.called", { ...call, code: "timeout" }, MINUTE),
    ]);
    expect(apis.genesys).toEqual({
      calls: 282,
      throttled: 1,
      failed: 1,
      limit: 300,
      peakPerMinute: 280,
      fullMinutes: 1,
      meanWaitMs: 50,
    });
    expect(apis.oracle.calls).toBe(0);
  });
});

describe("outages", () => {
  const delayed = (id: string, at: number) =>
    line(
      "enrichment.delayed",
      { ...about, ...timeout, conversationId: id, attempt: 1, delayMs: 2_000 },
      at,
    );

  it("are one entry with begin, end, conversations and cause", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => delayed(`c-${n % 700}`, n * 100));
    const { outages } = reportOf([
      ...many,
      line("breaker.opened", { ...timeout, forMs: 1_000 }, 2_000),
      line("breaker.closed", { source: "oracle", afterMs: 98_000 }, 2 * MINUTE),
      started,
      line("worker.stopped", { givenBack: 0 }, 60 * MINUTE),
    ]);
    expect(outages).toEqual([
      {
        source: "oracle",
        fault: "Oracle",
        begin: "2026-03-12T10:00:00.000Z",
        end: "2026-03-12T10:02:00.000Z",
        failures: 1_001,
        conversations: 700,
        atLeast: false,
        code: "timeout",
        reason: timeout.reason,
      },
    ]);
  });

  it("are two if there is a gap, and none if only a few calls failed", () => {
    const of = (at: number) => [1, 2, 3].map((n) => delayed(`c-${n}`, at + n));
    const { outages } = reportOf([...of(0), ...of(20 * MINUTE), delayed("x", 40 * MINUTE)]);
    expect(outages.map(({ begin }) => begin.slice(11, 16))).toEqual(["10:00", "10:20"]);
  });

  it("have no end if the log ends during one", () => {
    const { outages } = reportOf([
      line("redis.lost", { reason: "ECONNREFUSED" }),
      delayed("x", 90 * MINUTE),
    ]);
    expect(outages).toMatchObject([{ source: "redis", fault: "Redis" }]);
    expect(outages[0]).not.toHaveProperty("end");
  });

  it.each([
    ["oracle", "invalid_client", "configuration: Oracle rejects our client"],
    ["genesys", "throttled", "budget: more requests than Genesys Cloud allows"],
    ["genesys", "network", "Genesys Cloud, or the network to it"],
    ["queue", "network", "AWS, or the network to it"],
    ["worker", "unexpected", "Ringahead"],
  ] as const)("of %s with %s have the cause: %s", (source, code, cause) => {
    expect(outageCause(source, code)).toBe(cause);
  });
});

describe("the backlog", () => {
  const began = (waitedMs: number) => line("enrichment.begun", { ...about, attempt: 1, waitedMs });
  const log = [
    ...[100, 400, 30_000].map(began),
    line("backlog.joined", { ...about, attempt: 1, waiting: 12 }),
    line("backlog.joined", { ...about, attempt: 1, waiting: 7 }),
    line("enrichment.yielded", { ...about, attempt: 1 }),
    line("backlog.made_room", { ...about, delayMs: 120_000 }),
    line("backlog.given_back", about),
    received({ receiveCount: 2 }),
  ];

  it("has waits, deferrals and redeliveries", () => {
    expect(reportOf(log).waits).toEqual({
      joined: 2,
      longestLine: 12,
      medianMs: 400,
      longestMs: 30_000,
      yielded: 1,
      madeRoom: 1,
      givenBack: 1,
      redelivered: 1,
    });
    expect(reportText(reportOf(log))).toContain(
      "\nBacklog\n" +
        "  2 queued, at most 12 at a time; wait of all: median 400 ms, longest 30.0 s\n" +
        "  1 deferred, 1 requeued because the backlog was full, " +
        "1 requeued by a stopping worker, 1 redelivered\n",
    );
  });

  it("is left out if nothing waited", () => {
    expect(reportText(reportOf([began(0)]))).not.toContain("Backlog");
  });
});

describe("other totals", () => {
  it("are sign-ins, problems of Genesys Cloud, and emptied attributes", () => {
    const text = reportText(
      reportOf([
        line("signin.noted", { userId: "u-1", address: "203.0.113.x" }),
        line("operations.noted", { slowed: true }),
        line("operations.noted", { slowed: false }),
        line("attributes.emptied", { ...about, participantId: "p-1" }),
        line("attributes.not_emptied", { ...about, ...timeout }),
      ]),
    );
    expect(text).toContain("agent sign-ins: 1");
    expect(text).toContain("emptied after the end: 1 done, 1 failed");
    expect(text).toContain("Genesys Cloud reported 2 problems, 1 of them about rate limits");
  });
});

describe("shadow mode", () => {
  it("is counted by status and by attribute, without values", () => {
    const shadowed = (characters: number) => ({
      ...enriched,
      attributes: { oracle_status: 5, oracle_summary: characters },
    });
    const { shadow } = reportOf([
      line("enrichment.shadowed", shadowed(100)),
      line("enrichment.shadowed", shadowed(200)),
    ]);
    expect(shadow).toEqual({
      summaries: 2,
      byStatus: { found: 2 },
      attributes: {
        oracle_status: { times: 2, meanCharacters: 5 },
        oracle_summary: { times: 2, meanCharacters: 150 },
      },
    });
  });
});

describe("the text", () => {
  const log = [
    started,
    ...answeredConversation("a", "found", 4_000),
    ...lookups("found", "e164", 3),
    ...lookups("found", "national", 1),
  ];

  it("has one section for each topic", () => {
    expect(reportText(reportOf(log))).toBe(
      [
        "2026-03-12 10:00:00 to 2026-03-12 10:00:00 (UTC)",
        "",
        "Conversations",
        "  1 started",
        "  1 answered by an agent: 100 % ready before the agent, 0 % late, 0 % unavailable, 0 % nothing; median head start 4.0 s",
        "  written: 1 found",
        "",
        "Lookups",
        "  identifier       found  not found  ambiguous  no lookup  found share",
        "  phone, e164          3          0          0          0        100 %",
        "  phone, national      1          0          0          0        100 %",
        "",
        "Matches by country and kind",
        "  conversations with a lookup: 1, of these 100 % found, 0 % ambiguous, 0 % not found",
        "  country  kind     conversations  exact  national  otherwise  ambiguous  not found  found share",
        "  unknown  unknown              1      0         0          1          0          0        100 %",
        "",
        "How they were found",
        "  found by  conversations  share",
        "  unknown               1  100 %",
        "",
        "Budgets",
        "  genesys  0 calls, 0 of 300 in the busiest minute, 0 minutes at 90 % or more, average wait 0 ms, 0 throttled, 0 failed",
        "  oracle   0 calls, 0 in the busiest minute (no limit), average wait 0 ms, 0 throttled, 0 failed",
        "",
        "Per 1,000 conversations",
        "  0 calls to Genesys, 0 to Oracle, 2000 events",
        "  about 0.0544 USD for AWS (events, SQS and log at list price, without the worker itself)",
      ].join("\n"),
    );
  });
});
