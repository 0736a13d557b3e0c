import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { ENTRY } from "../../../../src/sandbox/environment/worker-process.ts";
import { answeredConversation, asText, ringahead } from "../../../support/log.ts";

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
        yield asText(answeredConversation(`c-${n}`, "found", 1_000, n));
      }
    }
    const child = spawn(
      process.execPath,
      ["--max-old-space-size=48", ENTRY, "report", "--log", "-", "--json"],
      { env: {}, stdio: ["pipe", "pipe", "inherit"] },
    );
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    const ended = once(child, "close");
    await pipeline(Readable.from(large()), child.stdin);
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(out)).toMatchObject({ conversations: { started: 40_000 } });
  });
});
