import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { epochMs, monotonicMs } from "../../../src/domain/time.ts";
import type { Http, HttpAnswer } from "../../../src/resilience/http/client.ts";
import { fixedSecret } from "../../../src/resilience/sign-in/secret.ts";
import { createTokenCache } from "../../../src/resilience/sign-in/token.ts";

let now = 0;
let sent = 0;
let answers: (() => HttpAnswer | Promise<HttpAnswer>)[] = [];
afterEach(() => {
  now = 0;
  sent = 0;
  answers = [];
});

const http: Http = {
  send() {
    sent += 1;
    const answer = answers.shift();
    if (answer === undefined) throw new Error("an unexpected request");
    return Promise.resolve(answer());
  },
  connect() {},
  close() {},
};

function answer(body: unknown, status = 200): () => HttpAnswer {
  return () => ({ status, headers: {}, text: JSON.stringify(body) });
}
const token = (value: string, expires_in?: number | string) =>
  answer({ access_token: value, token_type: "Bearer", expires_in });

function cache() {
  return createTokenCache({
    http,
    path: "/oauth/token",
    source: "oracle",
    client: { clientId: "id", proof: { by: "secret", secret: fixedSecret("X", "s3cret") } },
    clocks: { epochNow: () => epochMs(now), monotonicNow: () => monotonicMs(now) },
    signal: new AbortController().signal,
  });
}

describe("a token", () => {
  it("is requested once for concurrent callers", async () => {
    answers = [token("one", 3600)];
    const tokens = cache();
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.current()));
    expect(new Set(all)).toEqual(new Set(["one"]));
    expect(sent).toBe(1);
  });

  it("is renewed in the background after 80 % of its life; at its end callers wait for the next", async () => {
    answers = [token("one", 100), token("two", 100), token("three", 100)];
    const tokens = cache();
    expect(await tokens.current()).toBe("one");
    now = 79_999;
    expect(await tokens.current()).toBe("one");
    expect(sent).toBe(1);
    now = 80_000;
    expect(await tokens.current()).toBe("one");
    expect(sent).toBe(2);
    await setImmediate();
    expect(await tokens.current()).toBe("two");
    now = 180_001;
    expect(await tokens.current()).toBe("three");
  });

  it("is renewed once for concurrent callers that were refused", async () => {
    answers = [token("one", 100), token("two", 100)];
    const tokens = cache();
    await tokens.current();
    const renewed = await Promise.all([tokens.renew("one"), tokens.renew("one")]);
    expect([...renewed, await tokens.renew("one")]).toEqual(["two", "two", "two"]);
    expect(sent).toBe(2);
  });

  it("may have its life as text, or no life", async () => {
    answers = [token("one", "100"), token("two")];
    const tokens = cache();
    await tokens.current();
    now = 100_000;
    expect(await tokens.current()).toBe("two");
    now = 300_000;
    expect(await tokens.current()).toBe("two");
  });

  it("stays in use after a failed renewal in the background", async () => {
    answers = [token("one", 100), answer({ error: "server_error" }, 500), token("two", 100)];
    const tokens = cache();
    await tokens.current();
    now = 90_000;
    expect(await tokens.current()).toBe("one");
    expect(await tokens.current()).toBe("one");
  });
});

describe("a renewal that is refused", () => {
  it("is repeated a minute later, not for every call", async () => {
    answers = [token("one", 3600), answer({ error: "invalid_client" }, 401), token("two", 3600)];
    const tokens = cache();
    await tokens.current();
    now = 3_000_000;
    await tokens.current();
    await setImmediate();
    for (let i = 0; i < 10; i += 1) expect(await tokens.current()).toBe("one");
    expect(sent).toBe(2);
    now += 60_000;
    await tokens.current();
    await setImmediate();
    expect(await tokens.current()).toBe("two");
  });
});

describe("a client that is refused", () => {
  it.each([
    [401, { error: "invalid_client" }, "401 invalid_client"],
    [
      400,
      { error: "unauthorized_client", error_description: "secret s3cret" },
      "400 unauthorized_client",
    ],
    [401, "<html>", "answered 401"],
  ])("%i %j is a misconfiguration", async (status, body, message) => {
    answers = [answer(body, status)];
    const failure = await cache()
      .current()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "misconfigured", code: "invalid_client" });
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("s3cret");
  });
});
