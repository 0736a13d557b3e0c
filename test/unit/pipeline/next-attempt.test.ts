import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure, type FailureKind } from "../../../src/domain/failure.ts";
import { nextTry } from "../../../src/pipeline/next-attempt.ts";

const MINUTE = 60_000;

function failed(kind: FailureKind, retryAfterMs?: number): Failure {
  return new Failure({
    kind,
    code: "server_error",
    source: "oracle",
    message: "it failed",
    cure: "wait",
    retryAfterMs,
  });
}
/** How long the wait is; undefined where there is none any more. */
const nextTryMs = (what: Parameters<typeof nextTry>[0]) => nextTry(what)?.waitMs;

const tried = {
  failure: failed("retryable"),
  attempt: 1,
  mediaType: "VOICE",
  sentAt: 0,
  now: 0,
  random: 0.5,
};

describe("the next try", () => {
  it("comes later and later, but not after two minutes", () => {
    const waits = [1, 2, 3, 4, 20].map((attempt) => nextTryMs({ ...tried, attempt, random: 1 }));
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 120_000]);
  });
  it("never comes before the other side has asked for it", () => {
    const failure = failed("retryable", 45_000);
    expect(nextTryMs({ ...tried, failure, random: 0 })).toBe(45_000);
  });
  it("waits longer where somebody has to mend the set-up", () => {
    expect(nextTryMs({ ...tried, failure: failed("misconfigured"), random: 1 })).toBe(15_000);
  });
  it("is not worth it half an hour into a call, or ten hours into anything else", () => {
    expect(nextTryMs({ ...tried, now: 29 * MINUTE })).toBeDefined();
    expect(nextTryMs({ ...tried, now: 30 * MINUTE })).toBeUndefined();
    expect(nextTryMs({ ...tried, mediaType: "EMAIL", now: 599 * MINUTE })).toBeDefined();
    expect(nextTryMs({ ...tried, mediaType: "EMAIL", now: 600 * MINUTE })).toBeUndefined();
  });
  it("is waited for here where that is short, and in the queue where it is not", () => {
    expect(nextTry({ ...tried, random: 1 })).toMatchObject({ where: "backlog", attempt: 2 });
    expect(nextTry({ ...tried, attempt: 5, random: 1 })).toMatchObject({ where: "queue" });
  });
  it("does not count a try that asked nobody, and comes as soon as the breaker has probed", () => {
    const failure = new Failure({
      ...failed("retryable", 9_000),
      message: "",
      code: "circuit_open",
    });
    expect(nextTry({ ...tried, failure, attempt: 4, random: 1 })).toEqual({
      waitMs: 10_000,
      where: "backlog",
      attempt: 4,
    });
  });
  it("is at least a second away, whatever chance says, and never beyond the window", () => {
    const any = fc.record({
      attempt: fc.integer({ min: 1, max: 1_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      now: fc.integer({ min: 0, max: 40 * MINUTE }),
    });
    fc.assert(
      fc.property(any, (changes) => {
        const waitMs = nextTryMs({ ...tried, ...changes });
        if (waitMs === undefined) return;
        expect(waitMs).toBeGreaterThanOrEqual(1_000);
        expect(changes.now + waitMs).toBeLessThanOrEqual(30 * MINUTE);
      }),
    );
  });
});
