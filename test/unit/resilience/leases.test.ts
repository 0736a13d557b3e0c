import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allot, createLeases, type Leases } from "../../../src/resilience/budget/leases.ts";
import {
  createRateWindow,
  type WindowPolicy,
} from "../../../src/sandbox/simulators/genesys-cloud/rate-window.ts";

const WINDOW_MS = 1_000;
const LIMIT = 7;

describe("allotting free slots", () => {
  const amount = fc.nat({ max: 50 });
  it("gives no more than is free or wanted, and the reserve to the live only", () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.integer({ min: -20, max: 60 }),
        amount,
        (live, other, free, reserve) => {
          const given = allot({ live, other }, free, reserve);
          expect(given).toBeGreaterThanOrEqual(0);
          expect(given).toBeLessThanOrEqual(Math.max(0, Math.min(live + other, free)));
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
  /** A caller who sends whenever there is room; the way there and the way back take any time. */
  const journeys = fc.array(
    fc.record({
      idleMs: fc.nat({ max: 400 }),
      thereMs: fc.nat({ max: 300 }),
      backMs: fc.nat({ max: 300 }),
    }),
    { minLength: 30, maxLength: 120 },
  );

  /** Takes in the answers that are there; waits for the next event until a slot is free. */
  function whenThereIsRoom(leases: Leases, answers: number[], from: number): number {
    let now = from;
    for (;;) {
      while ((answers[0] ?? Number.POSITIVE_INFINITY) <= now) leases.answered(answers.shift() ?? 0);
      if (leases.used(now) < LIMIT) return now;
      const freeAt = leases.nextFreeAt(now) ?? Number.POSITIVE_INFINITY;
      now = Math.min(answers[0] ?? Number.POSITIVE_INFINITY, freeAt);
    }
  }

  it.each<WindowPolicy>(["fixed", "sliding", "aligned"])(
    "never let a server with a %s window count more than the limit",
    (policy) => {
      fc.assert(
        fc.property(journeys, (calls) => {
          const leases = createLeases(WINDOW_MS);
          const arrivals: number[] = [];
          const answers: number[] = [];
          let now = 0;
          for (const { idleMs, thereMs, backMs } of calls) {
            now += idleMs;
            now = whenThereIsRoom(leases, answers, now);
            leases.send(1);
            arrivals.push(now + thereMs);
            answers.push(now + thereMs + backMs);
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

  it("give a slot back one window after its answer, and at once where nothing was sent", () => {
    const leases = createLeases(WINDOW_MS);
    leases.send(2);
    leases.unsent();
    leases.answered(100);
    expect(leases.used(1_099)).toBe(1);
    expect(leases.nextFreeAt(1_099)).toBe(1_100);
    expect(leases.used(1_100)).toBe(0);
  });

  it("count what others have spent for a whole window", () => {
    const leases = createLeases(WINDOW_MS);
    leases.foreign(3, 50);
    expect(leases.used(1_049)).toBe(3);
    expect(leases.used(1_050)).toBe(0);
  });
});
