import { describe, expect, it } from "vitest";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { asFailure, Failure } from "../../../src/domain/failure.ts";
import { createBreaker } from "../../../src/resilience/breaker.ts";
import type { BreakerEvent } from "../../../src/resilience/breaker-state.ts";
import type { HttpAnswer } from "../../../src/resilience/http/client.ts";
import { createTestClocks } from "../../support/clocks.ts";

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

/** A breaker in front of scripted answers. */
function openBreaker() {
  const events: BreakerEvent[] = [];
  const report = (event: BreakerEvent) => void events.push(event);
  const clocks = createTestClocks();
  const breaker = createBreaker({ source: "oracle", clocks, report });
  let sent = 0;
  let next: () => Promise<HttpAnswer> = () => Promise.resolve(answer(200));
  const send = breaker.guard(() => {
    sent += 1;
    return next();
  });
  return {
    breaker,
    events,
    pass: clocks.pass,
    sent: () => sent,
    answers: (script: () => Promise<HttpAnswer>) => {
      next = script;
    },
    /** The status, or the code of the failure. */
    ask: () =>
      send(request, call).then(
        ({ status }) => String(status),
        (error) => asFailure(error).code as string,
      ),
    failure: () => send(request, call).catch(asFailure),
  };
}

describe("the breaker", () => {
  it("opens after five failures in a row, not before, and names no customer", async () => {
    const { ask, answers, sent, breaker, events, failure } = openBreaker();
    answers(() => Promise.resolve(answer(503)));
    for (let i = 0; i < 4; i += 1) await ask();
    answers(() => Promise.resolve(answer(200)));
    await ask();
    answers(() => Promise.resolve(answer(503)));
    for (let i = 0; i < 5; i += 1) expect(await ask()).toBe("503");
    expect(await ask()).toBe("circuit_open");
    expect(sent()).toBe(10);
    expect(breaker.state()).toEqual({ state: "open", code: "server_error" });
    expect(await failure()).toMatchObject({
      kind: "retryable",
      message: "Oracle was not called, its circuit breaker is open: GET /x answered 503",
      retryAfterMs: 5_000,
    });
    expect(JSON.stringify(events)).not.toContain("phone");
  });

  it("probes with one request at a time, after growing waits, and closes at a good answer", async () => {
    const { ask, answers, sent, breaker, events, pass } = openBreaker();
    answers(() => Promise.resolve(answer(500)));
    for (let i = 0; i < 5; i += 1) await ask();
    pass(4_999);
    expect(await ask()).toBe("circuit_open");
    pass(1);
    expect(await ask()).toBe("500");
    pass(9_999);
    expect(await ask()).toBe("circuit_open");
    pass(1);
    const held = Promise.withResolvers<HttpAnswer>();
    answers(() => held.promise);
    const probe = ask();
    expect(breaker.state().state).toBe("probing");
    expect(await Promise.all([ask(), ask()])).toEqual(["circuit_open", "circuit_open"]);
    held.resolve(answer(200));
    expect(await probe).toBe("200");
    expect(sent()).toBe(7);
    expect(breaker.state()).toEqual({ state: "closed" });
    expect(events).toMatchObject([
      { to: "open", forMs: 5_000 },
      { to: "probing" },
      { to: "open", forMs: 10_000 },
      { to: "probing" },
      { to: "closed", afterMs: 15_000 },
    ]);
  });

  it("learns nothing from a probe that was called off: the next call probes", async () => {
    const { ask, answers, breaker, pass } = openBreaker();
    answers(() => Promise.resolve(answer(500)));
    for (let i = 0; i < 5; i += 1) await ask();
    pass(5_000);
    answers(() => Promise.reject(aborted()));
    expect(await ask()).toBe("aborted");
    expect(breaker.state().state).toBe("open");
    answers(() => Promise.resolve(answer(200)));
    expect(await ask()).toBe("200");
    expect(breaker.state().state).toBe("closed");
  });

  it("does not count calls that were called off, throttled or refused for good", async () => {
    const { ask, answers, breaker } = openBreaker();
    for (const status of [404, 400, 429, 409]) {
      answers(() => Promise.resolve(answer(status)));
      for (let i = 0; i < 6; i += 1) await ask();
    }
    answers(() => Promise.reject(aborted()));
    for (let i = 0; i < 6; i += 1) await ask();
    expect(breaker.state().state).toBe("closed");
  });
});
