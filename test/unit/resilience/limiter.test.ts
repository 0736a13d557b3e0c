import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { asFailure } from "../../../src/domain/failure.ts";
import { monotonicMs } from "../../../src/domain/time.ts";
import type { RateLimitInfo } from "../../../src/resilience/budget/budget.ts";
import { createLocalBudget } from "../../../src/resilience/budget/local-budget.ts";
import { createLimiter, type Limiter } from "../../../src/resilience/limiter.ts";

interface Options {
  readonly limit?: number | undefined;
  readonly reserve?: number;
  readonly concurrency?: number;
}

const { monotonicNow } = systemClocks();
const deadlineIn = (ms: number) => monotonicMs(monotonicNow() + ms);
const WINDOW_MS = 60_000;
const NO_INFO: RateLimitInfo = {};

function openLimiter({ limit, reserve = 0, concurrency = 50 }: Options) {
  const budget = createLocalBudget({
    limit,
    reserve,
    windowMs: WINDOW_MS,
    monotonicNow,
    report: () => undefined,
  });
  const limiter = createLimiter({ source: "genesys", concurrency, budget, monotonicNow });
  return { budget, limiter };
}

function call(priority: Priority = Priority.live, more: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, priority, ...more };
}

/** A request that is answered by `answer`. */
function heldRequest(rateLimit: RateLimitInfo = NO_INFO) {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<RateLimitInfo>();
  return {
    begun: begun.promise,
    answer: () => answer.resolve(rateLimit),
    send: () => {
      begun.resolve();
      return answer.promise;
    },
  };
}

function run(
  limiter: Limiter,
  by: Call,
  rateLimit: RateLimitInfo = NO_INFO,
): Promise<RateLimitInfo> {
  return limiter.run(
    by,
    () => Promise.resolve(rateLimit),
    (result) => result,
  );
}

function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "well",
    (error) => asFailure(error).code,
  );
}

describe("the limiter", () => {
  it("begins with one request, and sends the burst after its answer", async () => {
    const { limiter, budget } = openLimiter({ limit: 30 });
    const probe = heldRequest({ count: 11, resetMs: 60_000 });
    const first = limiter.run(call(), probe.send, (rateLimit) => rateLimit);
    const burst = Array.from({ length: 19 }, () => run(limiter, call()));
    await probe.begun;
    expect(limiter.waiting).toBe(19);
    probe.answer();
    await Promise.all([first, ...burst]);
    // 20 of ours, and 10 that others had spent.
    expect(budget.state().used).toBe(30);
    await limiter.close();
  });

  it("sends a call without any timer if no call has to wait", async () => {
    const { limiter } = openLimiter({ concurrency: 100 });
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const answers = Array.from({ length: 100 }, () => run(limiter, call()));
    await Promise.all(answers).finally(vi.useRealTimers);
    await limiter.close();
  });

  it("keeps the reserve for the highest priority", async () => {
    const { limiter } = openLimiter({ limit: 10, reserve: 3 });
    await run(limiter, call());
    const soon = { deadline: deadlineIn(1_000) };
    const others = Array.from({ length: 8 }, () =>
      codeOf(run(limiter, call(Priority.retry, soon))),
    );
    expect((await Promise.all(others)).filter((code) => code === "well")).toHaveLength(6);
    const live = Array.from({ length: 4 }, () => codeOf(run(limiter, call(Priority.live, soon))));
    expect((await Promise.all(live)).filter((code) => code === "well")).toHaveLength(3);
    await limiter.close();
  });

  it("sends calls of higher priority first", async () => {
    const { limiter } = openLimiter({ concurrency: 1 });
    const order: Priority[] = [];
    const waiting = [Priority.spare, Priority.live].flatMap((priority) =>
      Array.from({ length: 10 }, async () => {
        await limiter.run(
          call(priority),
          () => sleep(10, NO_INFO),
          (rateLimit) => rateLimit,
        );
        order.push(priority);
      }),
    );
    await Promise.all(waiting);
    // Some of the spare calls began before the live ones were queued.
    expect(order.slice(-3)).toEqual(Array(3).fill(Priority.spare));
    await limiter.close();
  });

  it("fails a waiting call when it is aborted, at its deadline, and at once if the deadline is too early", async () => {
    const { limiter, budget } = openLimiter({ limit: 1, concurrency: 1 });
    const held = heldRequest();
    const running = limiter.run(call(), held.send, (rateLimit) => rateLimit);
    await held.begun;
    const leaving = new AbortController();
    const aborted = codeOf(run(limiter, call(Priority.live, { signal: leaving.signal })));
    const late = codeOf(run(limiter, call(Priority.live, { deadline: deadlineIn(20) })));
    leaving.abort();
    expect(await aborted).toBe("aborted");
    expect(await late).toBe("throttled");
    held.answer();
    await running;
    const atOnce = run(limiter, call(Priority.live, { deadline: deadlineIn(30_000) }));
    expect(await codeOf(atOnce)).toBe("throttled");
    expect(budget.state().used).toBe(1);
    await limiter.close();
  });

  it("gives the slot of a call that has left to the next call", async () => {
    const { limiter, budget } = openLimiter({ limit: 5, concurrency: 1 });
    const held = heldRequest();
    const running = limiter.run(call(), held.send, (rateLimit) => rateLimit);
    await held.begun;
    const leaving = new AbortController();
    const left = Array.from({ length: 10 }, () =>
      codeOf(run(limiter, call(Priority.live, { signal: leaving.signal }))),
    );
    const stays = run(limiter, call(Priority.spare));
    leaving.abort();
    held.answer();
    await Promise.all([running, stays]);
    expect(await Promise.all(left)).toEqual(Array(10).fill("aborted"));
    expect(budget.state().used).toBe(2);
    await limiter.close();
  });

  it("follows the limit that the server reports", async () => {
    const { limiter, budget } = openLimiter({ limit: 2 });
    await run(limiter, call(), { allowed: 4, count: 1, resetMs: WINDOW_MS });
    await Promise.all([run(limiter, call()), run(limiter, call()), run(limiter, call())]);
    expect(budget.state()).toMatchObject({ limit: 4, used: 4 });
    await limiter.close();
  });

  it("fails waiting calls when it is closed, and later calls at once", async () => {
    const { limiter, budget } = openLimiter({ limit: 5, concurrency: 1 });
    const held = heldRequest();
    const running = limiter.run(call(), held.send, (rateLimit) => rateLimit);
    await held.begun;
    const waiting = [codeOf(run(limiter, call())), codeOf(run(limiter, call(Priority.spare)))];
    const closed = limiter.close();
    expect(await Promise.all(waiting)).toEqual(["aborted", "aborted"]);
    expect(await codeOf(run(limiter, call()))).toBe("aborted");
    held.answer();
    await Promise.all([running, closed]);
    expect(budget.state().used).toBe(1);
  });
});
