import { describe, expect, it } from "vitest";
import { about, asText, enriched, line, received, ringahead } from "../../../support/log.ts";

const log = asText([
  received(),
  line("enrichment.written", enriched, 2_100),
  line("write.confirmed", { ...about, sinceWriteMs: 150 }, 2_300),
]);

describe("ringahead explain", () => {
  it("reads standard input, with the prefix of a log tool and foreign lines", async () => {
    const text = log.replace(/^/gm, "2026-03-12T10:00:00.1+00:00 worker/7 ");
    const ran = await ringahead(["explain", "c-1", "--log", "-"], `starting\n${text}`);
    expect(ran.err).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('The status "found" was written');
  });

  it("prints JSON, and exits with 1 if the log has no line about the conversation", async () => {
    const { code, out } = await ringahead(["explain", "c-9", "--log", "-", "--json"], log);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      conversationId: "c-9",
      steps: [],
      log: { lines: 3, unread: 0 },
    });
  });

  it("names the log that cannot be read", async () => {
    const { code, err } = await ringahead(["explain", "c-1", "--log", "/nowhere/log"], "");
    expect(code).toBe(2);
    expect(err).toContain('the log "/nowhere/log" cannot be read (ENOENT)');
  });
});
