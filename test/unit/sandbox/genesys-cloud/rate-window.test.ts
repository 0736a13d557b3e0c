import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createRateWindow,
  type WindowPolicy,
} from "../../../../src/sandbox/simulators/genesys-cloud/rate-window.ts";

const MINUTE = 60_000;

/** Whether each request at `times` is admitted, with a limit of 3 a minute. */
function admittedOf(policy: WindowPolicy, times: readonly number[]): readonly boolean[] {
  const window = createRateWindow(policy, MINUTE);
  return times.map((at) => window.judge(at, 3).admitted);
}

describe("a fixed window", () => {
  it("starts with the first request and ends a minute later", () => {
    const times = [50_000, 50_000, 109_999, 109_999, 110_000];
    expect(admittedOf("fixed", times)).toEqual([true, true, true, false, true]);
  });

  it("starts again with the next request, however late", () => {
    const times = [0, 100_000, 100_000, 159_999, 159_999, 160_000];
    expect(admittedOf("fixed", times)).toEqual([true, true, true, true, false, true]);
  });
});

describe("an aligned window", () => {
  it("ends with the minute of the clock, so twice the limit can be admitted at once", () => {
    const times = [59_999, 59_999, 59_999, 59_999, 60_000, 60_000, 60_000, 60_000];
    expect(admittedOf("aligned", times)).toEqual([
      ...[true, true, true, false],
      ...[true, true, true, false],
    ]);
  });
});

describe("a sliding window", () => {
  it("admits one request for each that is a minute old", () => {
    const times = [0, 10_000, 20_000, 59_999, 60_000, 60_000, 69_999, 70_000];
    expect(admittedOf("sliding", times)).toEqual([
      ...[true, true, true, false],
      ...[true, false, false, true],
    ]);
  });
});

describe("every window", () => {
  const policies = ["fixed", "aligned", "sliding"] as const;

  it("reports the number of admitted requests and the time until the next one", () => {
    for (const policy of policies) {
      const window = createRateWindow(policy, MINUTE);
      expect(window.judge(0, 2)).toEqual({ admitted: true, count: 1, resetMs: 60_000 });
      expect(window.judge(15_000, 2)).toEqual({ admitted: true, count: 2, resetMs: 45_000 });
      expect(window.judge(20_000, 2)).toEqual({ admitted: false, count: 2, resetMs: 40_000 });
    }
  });

  it("applies a lower limit at once", () => {
    for (const policy of policies) {
      const window = createRateWindow(policy, MINUTE);
      window.judge(0, 3);
      window.judge(0, 3);
      expect(window.judge(1, 2).admitted).toBe(false);
      expect(window.judge(1, 3).admitted).toBe(true);
    }
  });

  const policyArbitrary = fc.constantFrom(...policies);
  interface Run {
    readonly windowMs: number;
    readonly limit: number;
    readonly gaps: readonly number[];
  }
  const run: fc.Arbitrary<Run> = fc.record({
    windowMs: fc.integer({ min: 1, max: 50 }),
    limit: fc.integer({ min: 1, max: 5 }),
    gaps: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }),
  });

  /** All requests of a run, and the times of the admitted ones. */
  function simulate(policy: WindowPolicy, { windowMs, limit, gaps }: Run) {
    const window = createRateWindow(policy, windowMs);
    let at = 0;
    const requests = gaps.map((gap) => {
      at += gap;
      return { at, ...window.judge(at, limit) };
    });
    return { requests, admitted: requests.filter(({ admitted }) => admitted).map((r) => r.at) };
  }

  it("refuses only if the recent admitted requests reach the limit", () => {
    fc.assert(
      fc.property(policyArbitrary, run, (policy, values) => {
        const { requests, admitted } = simulate(policy, values);
        for (const { at, admitted: wasAdmitted } of requests) {
          const recent = admitted.filter((time) => time <= at && time > at - values.windowMs);
          if (!wasAdmitted) expect(recent.length).toBeGreaterThanOrEqual(values.limit);
        }
      }),
    );
  });

  it("admits a request after the reported wait, and none earlier", () => {
    fc.assert(
      fc.property(policyArbitrary, run, (policy, { windowMs, limit, gaps }) => {
        const window = createRateWindow(policy, windowMs);
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          const verdict = window.judge(at, limit);
          expect(verdict.resetMs).toBeGreaterThan(0);
          if (verdict.admitted) continue;
          expect(window.judge(at + verdict.resetMs - 1, limit).admitted).toBe(false);
          at += verdict.resetMs;
          expect(window.judge(at, limit).admitted).toBe(true);
        }
      }),
    );
  });

  it("sliding: never admits more than the limit in any interval of one window", () => {
    fc.assert(
      fc.property(run, (values) => {
        const { admitted } = simulate("sliding", values);
        for (const end of admitted) {
          const interval = admitted.filter((at) => at <= end && at > end - values.windowMs);
          expect(interval.length).toBeLessThanOrEqual(values.limit);
        }
      }),
    );
  });

  it("aligned: never admits more than the limit between two window boundaries", () => {
    fc.assert(
      fc.property(run, (values) => {
        const { admitted } = simulate("aligned", values);
        const perWindow = Object.groupBy(admitted, (at) => Math.floor(at / values.windowMs));
        for (const times of Object.values(perWindow)) {
          expect(times?.length).toBeLessThanOrEqual(values.limit);
        }
      }),
    );
  });

  it("fixed: admits the limit, then none until one window after the first", () => {
    fc.assert(
      fc.property(run, (values) => {
        let rest = simulate("fixed", values).requests;
        for (let [first] = rest; first !== undefined; [first] = rest) {
          const end = first.at + values.windowMs;
          const inside = rest.filter(({ at }) => at < end);
          const expected = inside.map((_, index) => index < values.limit);
          expect(inside.map(({ admitted }) => admitted)).toEqual(expected);
          rest = rest.slice(inside.length);
        }
      }),
    );
  });
});
