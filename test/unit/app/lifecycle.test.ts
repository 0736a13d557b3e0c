import { describe, expect, it } from "vitest";
import { isMoving, phaseOf } from "../../../src/app/lifecycle.ts";
import { Failure } from "../../../src/domain/failure.ts";

const unproven = new Failure({
  kind: "misconfigured",
  code: "invalid_client",
  source: "oracle",
  message: "POST /oauth/token answered 401",
  cure: "",
});
const life = { stopAsked: undefined, does: undefined, unproven: undefined };

describe("a worker's phase", () => {
  it.each([
    ["starting", life],
    ["proving", { ...life, unproven }],
    ["consuming", { ...life, unproven, does: "consuming" }],
    ["serving", { ...life, unproven, does: "serving" }],
    ["draining", { ...life, does: "consuming", stopAsked: "SIGTERM" }],
    ["draining", { ...life, unproven, stopAsked: "SIGTERM" }],
  ] as const)("%s", (name, at) => {
    expect(phaseOf(at).name).toBe(name);
  });
  it("says why it is proving", () => {
    expect(phaseOf({ ...life, unproven })).toMatchObject({ because: unproven.message });
  });
});

describe("the loop", () => {
  const load = { inHand: 0, waiting: 0, oldestMs: 0, movedAt: 1_000, queueTrouble: undefined };
  it("moves for 90 s after it was last seen moving, and before it has begun", () => {
    expect(isMoving(load, 91_000)).toBe(true);
    expect(isMoving(load, 91_001)).toBe(false);
    expect(isMoving(undefined, 1e12)).toBe(true);
  });
});
