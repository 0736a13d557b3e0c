import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { topics } from "../../../../src/domain/event/rules.ts";
import type { Facts } from "../../../../src/observability/facts/facts.ts";
import type { LogLine } from "../../../../src/observability/facts/line.ts";
import { outageCause } from "../../../../src/operations/report/outages.ts";
import { reporter } from "../../../../src/operations/report/report.ts";
import { reportText } from "../../../../src/operations/report/text.ts";
import {
  about,
  asText,
  enriched,
  line,
  received,
  ringahead,
  timeout,
} from "../../../support/log.ts";
import { run } from "../../../support/program.ts";

function told(lines: Iterable<LogLine>) {
  const { take, report } = reporter();
  for (const one of lines) take(one);
  return report(100_000);
}

const MINUTE = 60_000;
const started = line("worker.started", {
  node: "v24.0.0",
  shadow: false,
  dialect: "gateway",
  genesysPerMinute: 300,
});

/** A conversation from its start to its agent. */
function conversation(
  id: string,
  status: Facts["enrichment.written"]["status"] | undefined,
  headStartMs: number | undefined,
  at = 0,
): LogLine[] {
  const of = { ...about, conversationId: id, eventId: `start of ${id}` };
  const agent = { ...of, topic: topics.userStart, eventId: `agent of ${id}` };
  return [
    received(of, at),
    ...(status === undefined
      ? []
      : [line("enrichment.written", { ...enriched, ...of, status }, at)]),
    ...(headStartMs === undefined
      ? []
      : [received(agent, at), line("headstart.measured", { ...agent, headStartMs }, at)]),
  ];
}

function looked(
  match: Facts["customer.looked_up"]["match"],
  form: Facts["customer.looked_up"]["form"],
  times: number,
): LogLine[] {
  const fields = { ...about, identifiedBy: "phone", form, match, cached: false, oracleMs: 1_000 };
  return Array.from({ length: times }, () => line("customer.looked_up", fields));
}

describe("ready before the agent", () => {
  it("counts each conversation once, by what the agent found", () => {
    const { conversations } = told([
      ...conversation("a", "found", 4_000),
      ...conversation("b", "not_found", 1_000),
      ...conversation("c", "found", -500),
      ...conversation("d", "found", undefined),
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

  it("takes a history that came after `unavailable`", () => {
    const { conversations } = told([
      ...conversation("a", "unavailable", undefined),
      ...conversation("a", "found", 100),
    ]);
    expect(conversations.written).toMatchObject({ found: 1, unavailable: 0 });
  });

  it("leaves out a conversation whose start the log does not have", () => {
    expect(told(conversation("a", "found", 100).slice(1)).conversations.started).toBe(0);
  });
});

describe("who was found", () => {
  it("is told by kind of identifier and form of number, with a word on national numbers", () => {
    const unusable = { ...about, by: "address", identifiedBy: "withheld" } as const;
    const { matches, advice } = told([
      ...looked("found", "e164", 95),
      ...looked("not_found", "e164", 5),
      ...looked("found", "national", 10),
      ...looked("not_found", "national", 30),
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
  it("are told by the busiest minute", () => {
    const call = {
      ...about,
      source: "genesys",
      method: "PATCH",
      route: "/x",
      tookMs: 100,
      waitedMs: 50,
    } as const;
    const { apis } = told([
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

  it("are one entry, with begin, end, conversations and whose it was", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => delayed(`c-${n % 700}`, n * 100));
    const { outages } = told([
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

  it("are two where there was peace in between, and none where two calls failed by chance", () => {
    const of = (at: number) => [1, 2, 3].map((n) => delayed(`c-${n}`, at + n));
    const { outages } = told([...of(0), ...of(20 * MINUTE), delayed("x", 40 * MINUTE)]);
    expect(outages.map(({ begin }) => begin.slice(11, 16))).toEqual(["10:00", "10:20"]);
  });

  it("go on where the log ends in the middle of one", () => {
    const { outages } = told([
      line("redis.lost", { reason: "ECONNREFUSED" }),
      delayed("x", 90 * MINUTE),
    ]);
    expect(outages).toMatchObject([{ source: "redis", fault: "Redis" }]);
    expect(outages[0]).not.toHaveProperty("end");
  });

  it.each([
    ["oracle", "invalid_client", "the set-up: Oracle refuses our client"],
    ["genesys", "throttled", "the budget: more was asked of Genesys Cloud than it allows"],
    ["genesys", "network", "Genesys Cloud, or the network on the way to it"],
    ["queue", "network", "AWS, or the network on the way to it"],
    ["worker", "unexpected", "Ringahead"],
  ] as const)("of %s with %s are the fault of: %s", (source, code, fault) => {
    expect(outageCause(source, code)).toBe(fault);
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

  it("is told by who waited, gave way and came again", () => {
    expect(told(log).waits).toEqual({
      joined: 2,
      longestLine: 12,
      medianMs: 400,
      longestMs: 30_000,
      yielded: 1,
      madeRoom: 1,
      givenBack: 1,
      redelivered: 1,
    });
    expect(reportText(told(log))).toContain(
      "\nBacklog\n" +
        "  2 had to wait, at most 12 in one line: 400 ms in the median of all, 30.0 s at the longest\n" +
        "  1 let others go first, 1 made room in a full backlog, " +
        "1 given back by a worker that stopped, 1 delivered again\n",
    );
  });

  it("is not worth a word where nobody waited", () => {
    expect(reportText(told([began(0)]))).not.toContain("Backlog");
  });
});

describe("what else happened", () => {
  it("sign-ins, Genesys' own trouble, and what was emptied", () => {
    const text = reportText(
      told([
        line("signin.noted", { userId: "u-1", address: "203.0.113.x" }),
        line("operations.noted", { slowed: true }),
        line("operations.noted", { slowed: false }),
        line("attributes.emptied", { ...about, participantId: "p-1" }),
        line("attributes.not_emptied", { ...about, ...timeout }),
      ]),
    );
    expect(text).toContain("1 agents signed in");
    expect(text).toContain("emptied afterwards: 1 done, 1 failed");
    expect(text).toContain("reported trouble of its own 2 times, 1 of them about rate limits");
  });
});

describe("shadow mode", () => {
  it("is told by status and by attribute, without a value", () => {
    const shadowed = (characters: number) => ({
      ...enriched,
      attributes: { oracle_status: 5, oracle_summary: characters },
    });
    const { shadow } = told([
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

describe("ringahead report", () => {
  const log = [
    started,
    ...conversation("a", "found", 4_000),
    ...looked("found", "e164", 3),
    ...looked("found", "national", 1),
  ];

  it("is a page for people", () => {
    expect(reportText(told(log))).toBe(
      [
        "2026-03-12 10:00:00 to 2026-03-12 10:00:00 (UTC)",
        "",
        "Conversations",
        "  1 started",
        "  1 answered by an agent: 100 % ready before the agent, 0 % late, 0 % unavailable, 0 % nothing; median head start 4.0 s",
        "  written: 1 found",
        "",
        "Who was found",
        "  identifier       found  none  ambiguous  not asked  found of asked",
        "  phone, e164          3     0          0          0           100 %",
        "  phone, national      1     0          0          0           100 %",
        "",
        "Budgets",
        "  genesys  0 calls, 0 of 300 in the busiest minute, 0 minutes at 90 % or more, 0 ms wait on average, 0 throttled, 0 failed",
        "  oracle   0 calls, 0 in the busiest minute (no budget set), 0 ms wait on average, 0 throttled, 0 failed",
        "",
        "For 1,000 conversations",
        "  0 calls of Genesys, 0 of Oracle, 2000 events",
        "  about 0.0544 USD of AWS (events, SQS and log at list price; the worker itself not counted)",
      ].join("\n"),
    );
  });

  it("prints JSON, and tells how much of the log it could not read", async () => {
    const strange = '{"fact":"of.tomorrow","time":"2026-03-12T10:00:00.000Z"}\n';
    const { code, out } = await ringahead(
      ["report", "--log", "-", "--json"],
      asText(log) + strange,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      conversations: { started: 1 },
      log: { lines: 10, unread: 1 },
    });
  });

  it("exits with 1 where the log is nobody's", async () => {
    const { code, out } = await ringahead(["report", "--log", "-"], "hello\n");
    expect([code, out]).toEqual([1, "This log has no line of a worker.\n"]);
  });

  it("takes no more memory for a larger log", async () => {
    function* large() {
      for (let n = 0; n < 40_000; n += 1) yield asText(conversation(`c-${n}`, "found", 1_000, n));
    }
    const ran = await run(
      ["report", "--log", "-", "--json"],
      {},
      { node: ["--max-old-space-size=48"], input: Readable.from(large()) },
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({ conversations: { started: 40_000 } });
  });
});
