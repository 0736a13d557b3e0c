import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { acknowledgeReasons } from "../../../src/domain/conversation/acknowledge-reason.ts";
import { earlierReasons } from "../../../src/observability/facts/earlier-reasons.ts";
import { readLine } from "../../../src/observability/facts/line.ts";
import { createTimelineBuilder } from "../../../src/operations/explain/timeline.ts";
import { createReportBuilder } from "../../../src/operations/report/report.ts";

/** Recorded from workers of commit 929474f, which logged reasons as sentences. */
const recorded = (name: string) =>
  readFileSync(new URL(`../../fixtures/recorded/${name}`, import.meta.url), "utf8");
const text = recorded("worker.log.jsonl");
const texts = text.trimEnd().split("\n");
const lines = texts.map(readLine).filter((line) => line !== undefined);

describe("a log of the version before", () => {
  it("is read line by line", () => {
    expect(texts.filter((one) => readLine(one) === undefined)).toEqual([]);
    expect(lines.length).toBeGreaterThan(200);
  });

  it("has every acknowledge reason of that version, and each is read as its code", () => {
    const found = lines.flatMap((line) =>
      line.fact === "event.acknowledged" ? [line.because] : [],
    );
    expect(new Set(found)).toEqual(new Set(earlierReasons.values()));
  });

  it("gives the timelines that the version before gave", () => {
    const expected: readonly { conversationId: string }[] = JSON.parse(recorded("explain.json"));
    const timelines = expected.map(({ conversationId }) => {
      const builder = createTimelineBuilder(conversationId);
      for (const line of lines) builder.take(line);
      return builder.build();
    });
    expect(timelines).toEqual(expected);
  });

  it("gives the report that the version before gave, and the new figures as far as it has them", () => {
    const { take, build } = createReportBuilder();
    for (const line of lines) take(line);
    const { customers, ...others } = build(text.length);
    expect(others).toEqual(JSON.parse(recorded("report.json")));
    expect(customers.conversations).toBeGreaterThan(0);
    expect(Object.keys(customers.foundBy)).toEqual(["unknown"]);
    expect(customers.groups.map(({ country, kind }) => `${country} ${kind}`)).toContain(
      "unknown unknown",
    );
  });
});

describe("an acknowledge reason", () => {
  const acknowledged = (because: string) =>
    readLine(
      JSON.stringify({ fact: "event.acknowledged", time: "2026-03-12T10:00:00.000Z", because }),
    );

  it.each(acknowledgeReasons)("%s is read as it was written", (because) => {
    expect(acknowledged(because)).toMatchObject({ because });
  });

  it("of another version is read as it is", () => {
    expect(acknowledged("a reason of tomorrow")).toMatchObject({
      because: "a reason of tomorrow",
    });
  });
});
