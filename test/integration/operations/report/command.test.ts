import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { about, answeredConversation, asText, line, ringahead } from "../../../support/log.ts";
import { run } from "../../../support/program.ts";

const lookedUp = {
  ...about,
  by: "address",
  identifiedBy: "phone",
  form: "e164",
  country: "DE",
  numberKind: "mobile",
  matchedBy: "phone:exact",
  match: "found",
  cached: false,
  oracleMs: 10,
} as const;

describe("ringahead report", () => {
  it("prints JSON, and counts the lines that it could not read", async () => {
    const strange = '{"fact":"of.tomorrow","time":"2026-03-12T10:00:00.000Z"}\n';
    const log = asText(answeredConversation("a", "found", 4_000)) + strange;
    const { code, out } = await ringahead(["report", "--log", "-", "--json"], log);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      conversations: { started: 1 },
      log: { lines: 5, unread: 1 },
    });
  });

  it("exits with 1 if the log has no line from a worker", async () => {
    const { code, out } = await ringahead(["report", "--log", "-"], "hello\n");
    expect([code, out]).toEqual([1, "This log has no line from a worker.\n"]);
  });

  it("reads a large log in the same memory", async () => {
    function* large() {
      for (let n = 0; n < 40_000; n += 1) {
        const fields = { ...lookedUp, conversationId: `c-${n}` };
        const lookup = line("customer.looked_up", fields, n);
        yield asText([lookup, ...answeredConversation(`c-${n}`, "found", 1_000, n)]);
      }
    }
    const ran = await run(
      ["report", "--log", "-", "--json"],
      {},
      { node: ["--max-old-space-size=48"], input: Readable.from(large()) },
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({
      conversations: { started: 40_000 },
      customers: { conversations: 40_000, exact: 40_000 },
    });
  });
});
