import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { leaksSince, openResources } from "../support/leaks.ts";

describe("the check that fails a test file which leaves something behind", () => {
  it("sees a server that listens, until it is closed", async () => {
    const before = openResources();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    expect(leaksSince(before)).toEqual(["1 TCPServerWrap"]);
    server.close();
    await once(server, "close");
    // The handle is gone some turns after its event; the polling has a timer of its own.
    await expect.poll(() => leaksSince(before)).not.toContain("1 TCPServerWrap");
  });

  it("sees a timer that keeps the process alive, and none that does not", () => {
    const before = openResources();
    const keeping = setTimeout(() => undefined, 60_000);
    const idle = setTimeout(() => undefined, 60_000).unref();
    expect(leaksSince(before)).toEqual(["1 Timeout"]);
    clearTimeout(keeping);
    clearTimeout(idle);
    expect(leaksSince(before)).toEqual([]);
  });
});
