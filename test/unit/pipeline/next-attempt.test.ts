import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure, type FailureKind } from "../../../src/domain/failure.ts";
import { epochMs } from "../../../src/domain/time.ts";
import { type FailedAttempt, planNextAttempt } from "../../../src/pipeline/next-attempt.ts";

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

/** The first attempt of a call that has just started, with changes. */
function plan({ now = 0, ...changes }: Partial<Omit<FailedAttempt, "now">> & { now?: number }) {
  return planNextAttempt({
    failure: failed("retryable"),
    attempt: 1,
    mediaType: "VOICE",
    sentAt: epochMs(0),
    random: 0.5,
    ...changes,
    now: epochMs(now),
  });
}
/** How long the wait is; undefined if there is no next attempt. */
const waitOf = (changes: Parameters<typeof plan>[0]) => plan(changes)?.waitMs;

describe("the next attempt", () => {
  it("waits longer each time, two minutes at most", () => {
    const waits = [1, 2, 3, 4, 20].map((attempt) => waitOf({ attempt, random: 1 }));
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 120_000]);
  });
  it("waits at least as long as the other side asks", () => {
    const failure = failed("retryable", 45_000);
    expect(waitOf({ failure, random: 0 })).toBe(45_000);
  });
  it("waits longer if the set-up has to be mended", () => {
    expect(waitOf({ failure: failed("misconfigured"), random: 1 })).toBe(15_000);
  });
  it("is not planned half an hour into a call, or ten hours into other media", () => {
    expect(waitOf({ now: 29 * MINUTE })).toBeDefined();
    expect(waitOf({ now: 30 * MINUTE })).toBeUndefined();
    expect(waitOf({ mediaType: "EMAIL", now: 599 * MINUTE })).toBeDefined();
    expect(waitOf({ mediaType: "EMAIL", now: 600 * MINUTE })).toBeUndefined();
  });
  it("waits in the backlog if the wait is short, in the queue if it is long", () => {
    expect(plan({ random: 1 })).toMatchObject({ where: "backlog", attempt: 2 });
    expect(plan({ attempt: 5, random: 1 })).toMatchObject({ where: "queue" });
  });
  it("does not count an attempt that sent nothing, and comes when the breaker has probed", () => {
    const failure = new Failure({
      ...failed("retryable", 9_000),
      message: "",
      code: "circuit_open",
    });
    expect(plan({ failure, attempt: 4, random: 1 })).toEqual({
      waitMs: 10_000,
      where: "backlog",
      attempt: 4,
    });
  });
  it("is at least a second away and never beyond the retry window", () => {
    const any = fc.record({
      attempt: fc.integer({ min: 1, max: 1_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      now: fc.integer({ min: 0, max: 40 * MINUTE }),
    });
    fc.assert(
      fc.property(any, (changes) => {
        const waitMs = waitOf(changes);
        if (waitMs === undefined) return;
        expect(waitMs).toBeGreaterThanOrEqual(1_000);
        expect(changes.now + waitMs).toBeLessThanOrEqual(30 * MINUTE);
      }),
    );
  });
});
