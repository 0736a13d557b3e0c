import { describe, expect, it } from "vitest";
import { Failure, type FailureKind } from "../../../src/domain/failure.ts";
import { monotonicMs } from "../../../src/domain/time.ts";
import {
  admit,
  type BreakerState,
  CLOSED,
  eventOf,
  type Open,
  onAnswer,
  onCancelled,
  onFailure,
  openForMs,
  type Probing,
} from "../../../src/resilience/breaker-state.ts";

function failure(kind: FailureKind = "retryable"): Failure {
  const code = kind === "misconfigured" ? "forbidden" : "server_error";
  return new Failure({ kind, code, source: "oracle", message: "it failed", cure: "" });
}

const at = monotonicMs;
const because = failure();
const open = (more: Partial<Open> = {}): Open => ({
  ...{ name: "open", because, openedAt: at(0), until: at(5_000), openings: 1 },
  ...more,
});
const probing = (more: Partial<Probing> = {}): Probing => ({
  ...{ name: "probing", because, openedAt: at(0), openings: 1 },
  ...more,
});
const closed = (failuresInARow: number): BreakerState => ({ name: "closed", failuresInARow });

describe("closed", () => {
  it("lets every call pass", () => {
    expect(admit(closed(4), at(0))).toEqual({ state: closed(4), passes: "call" });
  });

  it("counts failures in a row", () => {
    expect(onFailure(closed(3), "call", because, at(9))).toEqual(closed(4));
  });

  it("forgets failures at a good answer", () => {
    expect(onAnswer(closed(4), "call")).toEqual(CLOSED);
  });

  it("keeps its count when a call is cancelled", () => {
    expect(onCancelled(closed(4), "call", at(9))).toEqual(closed(4));
  });

  it("opens for 5 s at the fifth failure in a row", () => {
    const opened = onFailure(closed(4), "call", because, at(9));
    expect(opened).toEqual(open({ openedAt: at(9), until: at(5_009) }));
    expect(eventOf(closed(4), opened, at(9))).toEqual({ to: "open", because, forMs: 5_000 });
  });

  it("opens for a minute at the first misconfiguration", () => {
    const refused = failure("misconfigured");
    const opened = onFailure(CLOSED, "call", refused, at(9));
    expect(opened).toEqual(open({ because: refused, openedAt: at(9), until: at(60_009) }));
  });
});

describe("open", () => {
  it("refuses calls until its time is over", () => {
    expect(admit(open(), at(4_999))).toEqual({ state: open(), passes: false });
    expect(openForMs(open(), at(4_000))).toBe(1_000);
  });

  it("lets one call pass as the probe when its time is over", () => {
    const admission = admit(open(), at(5_000));
    expect(admission).toEqual({ state: probing(), passes: "probe" });
    expect(eventOf(open(), admission.state, at(5_000))).toEqual({ to: "probing" });
  });

  it.each([
    ["answered", () => onAnswer(open(), "call")],
    ["failed", () => onFailure(open(), "call", failure("misconfigured"), at(9))],
    ["cancelled", () => onCancelled(open(), "call", at(9))],
  ])("is not changed by an earlier call that is %s", (_, next) => {
    expect(next()).toEqual(open());
  });
});

describe("probing", () => {
  it("refuses every other call", () => {
    expect(admit(probing(), at(9))).toEqual({ state: probing(), passes: false });
    expect(openForMs(probing(), at(9))).toBe(0);
  });

  it("closes when the probe is answered, and tells how long it was open", () => {
    expect(onAnswer(probing(), "probe")).toEqual(CLOSED);
    expect(eventOf(probing(), CLOSED, at(5_100))).toEqual({ to: "closed", afterMs: 5_100 });
  });

  it.each([
    ["retryable", 1, 10_000],
    ["retryable", 2, 15_000],
    ["retryable", 40, 15_000],
    ["misconfigured", 1, 120_000],
    ["misconfigured", 2, 240_000],
    ["misconfigured", 3, 300_000],
  ] as const)(
    "opens again for longer when the probe fails (%s, %i before)",
    (kind, openings, forMs) => {
      const failed = failure(kind);
      const opened = onFailure(probing({ openings }), "probe", failed, at(6_000));
      const until = at(6_000 + forMs);
      expect(opened).toEqual(open({ because: failed, until, openings: openings + 1 }));
      expect(eventOf(probing(), opened, at(6_000))).toEqual({ to: "open", because: failed, forMs });
    },
  );

  it("lets the next call probe at once when the probe is cancelled, and reports nothing", () => {
    const opened = onCancelled(probing(), "probe", at(6_000));
    expect(opened).toEqual(open({ until: at(6_000), openings: 2 }));
    expect(eventOf(probing(), opened, at(6_000))).toBeUndefined();
    expect(admit(opened, at(6_000)).passes).toBe("probe");
  });

  it.each([
    ["answered", () => onAnswer(probing(), "call")],
    ["failed", () => onFailure(probing(), "call", failure("misconfigured"), at(9))],
    ["cancelled", () => onCancelled(probing(), "call", at(9))],
  ])("is not changed by an earlier call that is %s: the probe decides", (_, next) => {
    expect(next()).toEqual(probing());
  });
});
