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
const WELL: RateLimitInfo = {};

function world({ limit, reserve = 0, concurrency = 50 }: Options) {
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

/** A request that is answered when it is told to. */
function heldWork(told: RateLimitInfo = WELL) {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<RateLimitInfo>();
  return {
    begun: begun.promise,
    answer: () => answer.resolve(told),
    work: () => {
      begun.resolve();
      return answer.promise;
    },
  };
}

function run(limiter: Limiter, by: Call, told: RateLimitInfo = WELL): Promise<RateLimitInfo> {
  return limiter.run(
    by,
    () => Promise.resolve(told),
    (result) => result,
  );
}

function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "well",
    (error) => asFailure(error).code,
  );
}

describe("admission", () => {
  it("begins with one request, and lets the burst go when that is answered", async () => {
    const { limiter, budget } = world({ limit: 30 });
    const probe = heldWork({ count: 11, resetMs: 60_000 });
    const first = limiter.run(call(), probe.work, (told) => told);
    const burst = Array.from({ length: 19 }, () => run(limiter, call()));
    await probe.begun;
    expect(limiter.waiting).toBe(19);
    probe.answer();
    await Promise.all([first, ...burst]);
    // 20 of ours and 10 that somebody else had spent.
    expect(budget.state().used).toBe(30);
    await limiter.close();
  });

  it("lets a call through while no timer fires, where nobody has to wait", async () => {
    const { limiter } = world({ concurrency: 100 });
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const answers = Array.from({ length: 100 }, () => run(limiter, call()));
    await Promise.all(answers).finally(vi.useRealTimers);
    await limiter.close();
  });

  it("keeps the reserve for the highest priority", async () => {
    const { limiter } = world({ limit: 10, reserve: 3 });
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

  it("serves higher priorities first", async () => {
    const { limiter } = world({ concurrency: 1 });
    const order: Priority[] = [];
    const waiting = [Priority.spare, Priority.live].flatMap((priority) =>
      Array.from({ length: 10 }, async () => {
        await limiter.run(
          call(priority),
          () => sleep(10, WELL),
          (told) => told,
        );
        order.push(priority);
      }),
    );
    await Promise.all(waiting);
    // A few of the spare ones had begun before the live ones were in the queue.
    expect(order.slice(-3)).toEqual(Array(3).fill(Priority.spare));
    await limiter.close();
  });

  it("lets a call leave by its signal, by its deadline, and at once where that cannot be met", async () => {
    const { limiter, budget } = world({ limit: 1, concurrency: 1 });
    const held = heldWork();
    const running = limiter.run(call(), held.work, (told) => told);
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

  it("gives the slot of a call that left to the next", async () => {
    const { limiter, budget } = world({ limit: 5, concurrency: 1 });
    const held = heldWork();
    const running = limiter.run(call(), held.work, (told) => told);
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

  it("follows the limit that the server reports, up and down", async () => {
    const { limiter, budget } = world({ limit: 2 });
    await run(limiter, call(), { allowed: 4, count: 1, resetMs: WINDOW_MS });
    await Promise.all([run(limiter, call()), run(limiter, call()), run(limiter, call())]);
    expect(budget.state()).toMatchObject({ limit: 4, used: 4 });
    await limiter.close();
  });
});
