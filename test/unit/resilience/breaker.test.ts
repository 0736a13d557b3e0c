import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { asFailure, Failure } from "../../../src/domain/failure.ts";
import { epochMs, monotonicMs } from "../../../src/domain/time.ts";
import { createBreaker } from "../../../src/resilience/breaker.ts";
import type { BreakerEvent } from "../../../src/resilience/breaker-state.ts";
import type { HttpAnswer } from "../../../src/resilience/http/client.ts";

const call: Call = { signal: new AbortController().signal, priority: Priority.live };
const request = { method: "GET", path: "/x?phone=1" } as const;

function answer(status: number): HttpAnswer {
  return { status, headers: {}, text: "" };
}

function aborted(): Failure {
  return new Failure({
    kind: "retryable",
    code: "aborted",
    source: "oracle",
    message: "off",
    cure: "",
  });
}

/** A breaker around a server that answers what it is told to. */
function world() {
  const events: BreakerEvent[] = [];
  const report = (event: BreakerEvent) => void events.push(event);
  const clocks = {
    epochNow: () => epochMs(Date.now()),
    monotonicNow: () => monotonicMs(Date.now()),
  };
  const breaker = createBreaker({ source: "oracle", clocks, report });
  let asked = 0;
  let next: () => Promise<HttpAnswer> = () => Promise.resolve(answer(200));
  const send = breaker.guard(() => {
    asked += 1;
    return next();
  });
  return {
    breaker,
    events,
    asked: () => asked,
    answers: (with_: () => Promise<HttpAnswer>) => {
      next = with_;
    },
    ask: () =>
      send(request, call).then(
        ({ status }) => String(status),
        (error) => asFailure(error).code as string,
      ),
  };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

describe("the breaker", () => {
  it("opens after five failures in a row, not before, and names no customer", async () => {
    const { ask, answers, asked, breaker, events } = world();
    answers(() => Promise.resolve(answer(503)));
    for (let i = 0; i < 4; i += 1) await ask();
    answers(() => Promise.resolve(answer(200)));
    await ask();
    answers(() => Promise.resolve(answer(503)));
    for (let i = 0; i < 5; i += 1) expect(await ask()).toBe("503");
    expect(await ask()).toBe("circuit_open");
    expect(asked()).toBe(10);
    expect(breaker.state()).toEqual({ state: "open", code: "server_error" });
    expect(JSON.stringify(events)).not.toContain("phone");
  });

  it("probes with one request at a time, for longer and longer, and closes when that goes well", async () => {
    const { ask, answers, asked, breaker, events } = world();
    answers(() => Promise.resolve(answer(500)));
    for (let i = 0; i < 5; i += 1) await ask();
    vi.setSystemTime(Date.now() + 4_999);
    expect(await ask()).toBe("circuit_open");
    vi.setSystemTime(Date.now() + 1);
    expect(await ask()).toBe("500");
    vi.setSystemTime(Date.now() + 9_999);
    expect(await ask()).toBe("circuit_open");
    vi.setSystemTime(Date.now() + 1);
    const held = Promise.withResolvers<HttpAnswer>();
    answers(() => held.promise);
    const probe = ask();
    expect(breaker.state().state).toBe("probing");
    expect(await Promise.all([ask(), ask()])).toEqual(["circuit_open", "circuit_open"]);
    held.resolve(answer(200));
    expect(await probe).toBe("200");
    expect(asked()).toBe(7);
    expect(breaker.state()).toEqual({ state: "closed" });
    expect(events.map(({ to }) => to)).toEqual(["open", "probing", "open", "probing", "closed"]);
  });

  it("learns nothing from a probe that was called off: the next call probes", async () => {
    const { ask, answers, breaker } = world();
    answers(() => Promise.resolve(answer(500)));
    for (let i = 0; i < 5; i += 1) await ask();
    vi.setSystemTime(Date.now() + 5_000);
    answers(() => Promise.reject(aborted()));
    expect(await ask()).toBe("aborted");
    expect(breaker.state().state).toBe("open");
    answers(() => Promise.resolve(answer(200)));
    expect(await ask()).toBe("200");
    expect(breaker.state().state).toBe("closed");
  });

  it("does not count calls that were called off, throttled or refused for good", async () => {
    const { ask, answers, breaker } = world();
    for (const status of [404, 400, 429, 409]) {
      answers(() => Promise.resolve(answer(status)));
      for (let i = 0; i < 6; i += 1) await ask();
    }
    answers(() => Promise.reject(aborted()));
    for (let i = 0; i < 6; i += 1) await ask();
    expect(breaker.state().state).toBe("closed");
  });
});
