import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/domain/time.ts";
import { levels } from "../../../src/observability/facts/facts.ts";
import { loggable, readLine } from "../../../src/observability/facts/line.ts";
import { logFacts } from "../../../src/observability/log.ts";

function logged(reportFacts: (report: ReturnType<typeof logFacts>) => void): string[] {
  const lines: string[] = [];
  reportFacts(logFacts("debug", { write: (line) => lines.push(line) }));
  return lines;
}

describe("a line of the log", () => {
  const written = {
    conversationId: "c-1",
    eventId: "e-1",
    participantId: "p-1",
    topic: "v2.detail.events.conversation.{id}.customer.start",
    status: "found",
    mediaType: "VOICE",
    identifiedBy: "phone",
    attempt: 1,
    at: epochMs(1_000),
    sinceEventMs: 900,
    waitedMs: 10,
    oracleMs: 700,
    genesysMs: 100,
    cached: false,
  } as const;

  it("is read as it was reported", () => {
    const [line = ""] = logged((report) => report("enrichment.written", written));
    expect(readLine(line)).toMatchObject({ fact: "enrichment.written", ...written });
  });

  it("is read after the prefix of a log tool", () => {
    const [line = ""] = logged((report) => report("enrichment.written", written));
    expect(readLine(`2026-03-12T10:00:00+00:00 worker/1 ${line}`)).toMatchObject(written);
    expect(readLine(`worker-1  | ${line}`)).toMatchObject(written);
  });

  it("is not read if it is not a fact", () => {
    for (const text of [
      "",
      "{",
      "plain words",
      '{"fact":"other.thing"}',
      '{"fact":"redis.back"}',
    ]) {
      expect(readLine(text)).toBeUndefined();
    }
  });

  it("has only the fields that its schema names", () => {
    const more = { ...written, ani: "tel:+15550199999", headers: { authorization: "Bearer x" } };
    const [line = ""] = logged((report) => report("enrichment.written", more));
    expect(line).not.toMatch(/5550199999|Bearer/);
  });

  it("leaves out unsafe ids, and replaces unsafe words", () => {
    const odd = { ...written, correlationId: "+1 555 019 9999", mediaType: "ada@example.com" };
    expect(loggable("enrichment.written", odd)).toMatchObject({
      correlationId: undefined,
      mediaType: "OTHER",
    });
  });

  it("names the fact whose field does not match its schema", () => {
    const wrong = { ...written, status: "secret" as "found" };
    const [line = ""] = logged((report) => report("enrichment.written", wrong));
    expect(line).toContain('"defect"');
    expect(line).not.toContain("secret");
  });

  it("is not written if its level is off", () => {
    const lines: string[] = [];
    logFacts("warn", { write: (line) => lines.push(line) })("enrichment.written", written);
    expect(levels["enrichment.written"]).toBe("info");
    expect(lines).toEqual([]);
  });
});
