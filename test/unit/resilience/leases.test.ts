import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MonotonicMs, monotonicMs } from "../../../src/domain/time.ts";
import { allot, createLeases, type Leases } from "../../../src/resilience/budget/leases.ts";
import {
  createRateWindow,
  type WindowPolicy,
} from "../../../src/sandbox/simulators/genesys-cloud/rate-window.ts";

const WINDOW_MS = 1_000;
const LIMIT = 7;

describe("allotting free slots", () => {
  const amount = fc.nat({ max: 50 });
  it("grants at most what is free or wanted, and the reserve to live calls only", () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.integer({ min: -20, max: 60 }),
        amount,
        (live, other, free, reserve) => {
          const granted = allot({ live, other }, free, reserve);
          expect(granted).toBeGreaterThanOrEqual(0);
          expect(granted).toBeLessThanOrEqual(Math.max(0, Math.min(live + other, free)));
          expect(allot({ live: 0, other }, free, reserve)).toBeLessThanOrEqual(
            Math.max(0, free - reserve),
          );
          expect(allot({ live, other: 0 }, free, reserve)).toBe(Math.max(0, Math.min(live, free)));
        },
      ),
    );
  });
});

describe("leases", () => {
  /** A caller that sends whenever a slot is free; request and response take any time. */
  const journeys = fc.array(
    fc.record({
      idleMs: fc.nat({ max: 400 }),
      thereMs: fc.nat({ max: 300 }),
      backMs: fc.nat({ max: 300 }),
    }),
    { minLength: 30, maxLength: 120 },
  );

  /** Takes in answers until a slot is free. Returns that moment. */
  function whenSlotIsFree(leases: Leases, answers: MonotonicMs[], from: MonotonicMs) {
    let now = from;
    for (;;) {
      for (let [next] = answers; next !== undefined && next <= now; [next] = answers) {
        leases.answered(next);
        answers.shift();
      }
      if (leases.used(now) < LIMIT) return now;
      const freeAt = leases.nextFreeAt(now) ?? Number.POSITIVE_INFINITY;
      now = monotonicMs(Math.min(answers[0] ?? Number.POSITIVE_INFINITY, freeAt));
    }
  }

  it.each<WindowPolicy>(["fixed", "sliding", "aligned"])(
    "never let a server with a %s window count more than the limit",
    (policy) => {
      fc.assert(
        fc.property(journeys, (calls) => {
          const leases = createLeases(WINDOW_MS);
          const arrivals: number[] = [];
          const answers: MonotonicMs[] = [];
          let now = monotonicMs(0);
          for (const { idleMs, thereMs, backMs } of calls) {
            now = whenSlotIsFree(leases, answers, monotonicMs(now + idleMs));
            leases.send(1);
            arrivals.push(now + thereMs);
            answers.push(monotonicMs(now + thereMs + backMs));
            answers.sort((a, b) => a - b);
          }
          const server = createRateWindow(policy, WINDOW_MS);
          for (const at of arrivals.toSorted((a, b) => a - b)) {
            expect(server.judge(at, LIMIT).admitted).toBe(true);
          }
        }),
      );
    },
  );

  it("free a slot one window after its answer, and at once if nothing was sent", () => {
    const leases = createLeases(WINDOW_MS);
    leases.send(2);
    leases.unsent();
    leases.answered(monotonicMs(100));
    expect(leases.used(monotonicMs(1_099))).toBe(1);
    expect(leases.nextFreeAt(monotonicMs(1_099))).toBe(1_100);
    expect(leases.used(monotonicMs(1_100))).toBe(0);
  });

  it("count what others have spent for a whole window", () => {
    const leases = createLeases(WINDOW_MS);
    leases.foreign(3, monotonicMs(50));
    expect(leases.used(monotonicMs(1_049))).toBe(3);
    expect(leases.used(monotonicMs(1_050))).toBe(0);
  });
});
