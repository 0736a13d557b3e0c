import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Priority } from "../../../src/domain/call.ts";
import { asFailure } from "../../../src/domain/failure.ts";
import { monotonicMs } from "../../../src/domain/time.ts";
import type { Facts } from "../../../src/observability/facts/facts.ts";
import { createBreaker } from "../../../src/resilience/breaker.ts";
import { createLocalBudget } from "../../../src/resilience/budget/local-budget.ts";
import type { Http, HttpAnswer } from "../../../src/resilience/http/client.ts";
import { createLimiter } from "../../../src/resilience/limiter.ts";
import { observe } from "../../../src/resilience/observe.ts";
import { protect } from "../../../src/resilience/protect.ts";
import { fixedSecret } from "../../../src/resilience/sign-in/secret.ts";
import { createTokenCache } from "../../../src/resilience/sign-in/token.ts";
import { createTestClocks, HOUR_MS } from "../../support/clocks.ts";

// Fake timers do not reach this module.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const signal = new AbortController().signal;
const CORRECTIONS = [
  ["back", -HOUR_MS],
  ["forward", HOUR_MS],
] as const;

function answer(status: number, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, text: "" };
}

/** Lets the timers of the queue go on until a call is served; no time passes by the clocks. */
async function served<T>(call: Promise<T>): Promise<T> {
  let isServed = false;
  void call.then(() => {
    isServed = true;
  });
  while (!isServed) await vi.advanceTimersByTimeAsync(1);
  return call;
}

/** One protected API over scripted answers; without a script it answers 200. */
function openApi(concurrency = 4) {
  const clocks = createTestClocks();
  const { monotonicNow } = clocks;
  const answers: (HttpAnswer | Promise<HttpAnswer>)[] = [];
  const called: Facts["api.called"][] = [];
  let sent = 0;
  const http: Http = {
    send() {
      sent += 1;
      return Promise.resolve(answers.shift() ?? answer(200));
    },
    connect() {},
    close() {},
  };
  const report = () => undefined;
  const budget = createLocalBudget({
    ...{ limit: 300, windowMs: 60_000, reserve: 0, monotonicNow, report },
  });
  const limiter = createLimiter({ source: "oracle", concurrency, budget, monotonicNow });
  const breaker = createBreaker({ source: "oracle", clocks, report });
  onTestFinished(() => limiter.close());
  const send = protect({
    send: observe(http, {
      source: "oracle",
      report: (name, fact) => {
        if (name === "api.called") called.push(fact as Facts["api.called"]);
      },
      monotonicNow,
    }),
    signIn: { authorize: (inner) => inner },
    ...{ limiter, breaker, clocks, random: () => 0.5 },
  });
  return {
    ...{ clocks, answers, called, breaker, budget },
    sent: () => sent,
    /** The status, or the code of the failure. */
    ask(withinMs: number): Promise<string> {
      const deadline = monotonicMs(monotonicNow() + withinMs);
      return send(
        { method: "GET", path: "/x" },
        { signal, priority: Priority.live, deadline },
      ).then(
        ({ status }) => String(status),
        (error) => asFailure(error).code,
      );
    },
    /** Both clocks and the timers go on. */
    async pass(ms: number) {
      clocks.pass(ms);
      await vi.advanceTimersByTimeAsync(ms);
    },
  };
}

describe.each(CORRECTIONS)("a wall clock that is set %s an hour", (_, correctionMs) => {
  it("leaves an open breaker open for its time, and no longer", async () => {
    const { ask, answers, breaker, clocks, pass, sent } = openApi();
    for (let i = 0; i < 5; i += 1) {
      answers.push(answer(500));
      await ask(10);
    }
    expect(breaker.state().state).toBe("open");
    clocks.correct(correctionMs);
    await pass(4_999);
    expect(await ask(10)).toBe("circuit_open");
    expect(sent()).toBe(5);
    clocks.correct(correctionMs);
    await pass(1);
    expect(await ask(10)).toBe("200");
    expect(breaker.state()).toEqual({ state: "closed" });
  });

  it("neither ends nor prolongs the pause after a 429", async () => {
    const { ask, answers, budget, clocks, pass, sent } = openApi();
    answers.push(answer(429, { "retry-after": "60" }));
    expect(await ask(10)).toBe("429");
    clocks.correct(correctionMs);
    expect(budget.state().pausedForMs).toBe(60_000);
    await pass(59_000);
    expect(await ask(500)).toBe("throttled");
    expect(sent()).toBe(1);
    await pass(1_000);
    expect(await ask(500)).toBe("200");
  });

  it("neither ends nor prolongs a wait for budget", async () => {
    const { ask, answers, clocks, pass } = openApi();
    expect(await ask(10)).toBe("200");
    const held = Promise.withResolvers<HttpAnswer>();
    answers.push(held.promise, answer(429, { "retry-after": "10" }));
    const running = ask(60_000);
    expect(await ask(10)).toBe("429");
    const left: string[] = [];
    const wait = async (withinMs: number) => {
      left.push(await ask(withinMs));
    };
    const short = wait(20_000);
    const long = wait(90_000);
    clocks.correct(correctionMs);
    await pass(5_000);
    expect(left).toEqual([]);
    held.resolve(answer(429, { "retry-after": "60" }));
    expect(await running).toBe("429");
    await short;
    expect(left).toEqual(["throttled"]);
    clocks.correct(correctionMs);
    await pass(59_000);
    expect(left).toEqual(["throttled"]);
    await pass(1_000);
    await served(long);
    expect(left).toEqual(["throttled", "200"]);
  });

  it("leaves a waiting call until its deadline", async () => {
    const { ask, answers, clocks, pass, sent } = openApi(1);
    const held = Promise.withResolvers<HttpAnswer>();
    answers.push(held.promise);
    const running = ask(60_000);
    let left: string | undefined;
    const waiting = ask(5_000).then((outcome) => {
      left = outcome;
    });
    clocks.correct(correctionMs);
    await pass(4_999);
    expect(left).toBeUndefined();
    await pass(1);
    await waiting;
    expect(left).toBe("throttled");
    held.resolve(answer(200));
    expect(await running).toBe("200");
    expect(sent()).toBe(1);
  });

  it.each([
    [1_600, 3],
    [1_400, 2],
  ])("changes nothing for retries: %i ms are enough for %i tries", async (withinMs, tries) => {
    const { ask, answers, clocks, pass, sent } = openApi();
    answers.push(answer(500), answer(500), answer(500));
    const outcome = ask(withinMs);
    await pass(0);
    clocks.correct(correctionMs);
    await pass(500);
    clocks.correct(correctionMs);
    await pass(1_000);
    expect(await outcome).toBe("500");
    expect(sent()).toBe(tries);
  });

  it("shows in no duration that is reported", async () => {
    const { ask, answers, called, clocks, pass } = openApi(1);
    const held = Promise.withResolvers<HttpAnswer>();
    answers.push(held.promise);
    const first = ask(60_000);
    await pass(0);
    const second = ask(60_000);
    await pass(20);
    clocks.correct(correctionMs);
    held.resolve(answer(200));
    await first;
    expect(await served(second)).toBe("200");
    expect(called).toMatchObject([
      { waitedMs: 0, tookMs: 20 },
      { waitedMs: 20, tookMs: 0 },
    ]);
  });

  it("neither ends nor prolongs a token's life", async () => {
    const clocks = createTestClocks();
    const bodies = ["one", "two"].map((access_token) => ({ access_token, expires_in: 100 }));
    const tokens = createTokenCache({
      http: {
        send: () => Promise.resolve({ ...answer(200), text: JSON.stringify(bodies.shift()) }),
        connect() {},
        close() {},
      },
      path: "/oauth/token",
      source: "oracle",
      client: { clientId: "id", proof: { by: "secret", secret: fixedSecret("X", "s3cret") } },
      ...{ clocks, signal },
    });
    expect(await tokens.current()).toBe("one");
    clocks.correct(correctionMs);
    clocks.pass(79_999);
    expect(await tokens.current()).toBe("one");
    expect(bodies).toHaveLength(1);
    clocks.correct(correctionMs);
    clocks.pass(20_001);
    expect(await tokens.current()).toBe("two");
  });
});
