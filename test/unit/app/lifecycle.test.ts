import { describe, expect, it } from "vitest";
import {
  begun,
  createLifecycle,
  drained,
  isMoving,
  type ProcessLife,
  phaseOf,
  STARTING,
  stopRequested,
  tokenRefused,
} from "../../../src/app/lifecycle.ts";
import { Failure } from "../../../src/domain/failure.ts";
import { monotonicMs } from "../../../src/domain/time.ts";

function refusal(message: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "invalid_client",
    source: "oracle",
    message,
    cure: "",
  });
}

const failure = refusal("POST /oauth/token answered 401");
const waiting: ProcessLife = { state: "waiting_for_tokens", failure };
const consuming: ProcessLife = { state: "active", activity: "consuming" };
const serving: ProcessLife = { state: "active", activity: "serving" };
const draining: ProcessLife = { state: "draining", because: "SIGTERM" };
const stopped: ProcessLife = { state: "stopped", because: "SIGTERM" };
const all = [STARTING, waiting, consuming, serving, draining, stopped];

describe("tokenRefused", () => {
  it("makes a starting process wait for tokens", () => {
    expect(tokenRefused(STARTING, failure)).toEqual(waiting);
  });
  it("keeps the latest failure of a process that waits", () => {
    const later = refusal("POST /oauth/token answered 403");
    expect(tokenRefused(waiting, later)).toEqual({ state: "waiting_for_tokens", failure: later });
  });
  it.each([consuming, serving, draining, stopped])("changes nothing in %j", (life) => {
    expect(tokenRefused(life, failure)).toBe(life);
  });
});

describe("begun", () => {
  it.each([STARTING, waiting])("makes $state active", (life) => {
    expect(begun(life, "consuming")).toEqual(consuming);
    expect(begun(life, "serving")).toEqual(serving);
  });
  it.each([consuming, serving, draining, stopped])("changes nothing in %j", (life) => {
    expect(begun(life, "consuming")).toBe(life);
  });
});

describe("stopRequested", () => {
  it.each([STARTING, waiting, consuming, serving])("makes $state drain", (life) => {
    expect(stopRequested(life, "SIGTERM")).toEqual(draining);
  });
  it.each([draining, stopped])("keeps the first reason of $state", (life) => {
    expect(stopRequested(life, "SIGINT")).toBe(life);
  });
});

describe("drained", () => {
  it("stops a draining process and keeps its reason", () => {
    expect(drained(draining)).toEqual(stopped);
  });
  it.each([STARTING, waiting, consuming, serving, stopped])("changes nothing in %j", (life) => {
    expect(drained(life)).toBe(life);
  });
});

describe("the phase that /readyz shows", () => {
  it("has the names that orchestrators know", () => {
    expect(all.map((life) => phaseOf(life))).toEqual([
      { name: "starting" },
      { name: "proving", because: failure.message },
      { name: "consuming" },
      { name: "serving" },
      { name: "draining", because: "SIGTERM" },
      { name: "draining", because: "SIGTERM" },
    ]);
  });
});

describe("the lifecycle of a process", () => {
  /** A lifecycle, and its request to stop. */
  function start() {
    let reason: string | undefined;
    const life = createLifecycle(() => reason);
    return {
      life,
      stop(because: string) {
        reason = because;
      },
    };
  }

  it("goes from the start through the tokens to its activity and to its end", () => {
    const { life, stop } = start();
    expect(life.phase()).toEqual({ name: "starting" });
    life.tokenRefused(failure);
    expect(life.phase()).toEqual({ name: "proving", because: failure.message });
    expect(life.begun("serving")).toBe(true);
    expect(life.phase()).toEqual({ name: "serving" });
    stop("SIGTERM");
    expect(life.phase()).toEqual({ name: "draining", because: "SIGTERM" });
    life.drained();
    expect(life.phase()).toEqual({ name: "draining", because: "SIGTERM" });
  });

  it("does not begin if a stop is requested while it waits for tokens", () => {
    const { life, stop } = start();
    life.tokenRefused(failure);
    stop("SIGTERM");
    life.tokenRefused(failure);
    expect(life.begun("consuming")).toBe(false);
    expect(life.phase()).toEqual({ name: "draining", because: "SIGTERM" });
  });

  it("does not begin if a stop is requested while it starts", () => {
    const { life, stop } = start();
    stop("SIGINT");
    expect(life.begun("consuming")).toBe(false);
    expect(life.phase()).toEqual({ name: "draining", because: "SIGINT" });
  });

  it("keeps the first of two reasons", () => {
    const { life, stop } = start();
    stop("SIGTERM");
    life.phase();
    stop("the end of its parent process");
    expect(life.phase()).toEqual({ name: "draining", because: "SIGTERM" });
  });
});

describe("the loop", () => {
  const movedAt = monotonicMs(1_000);
  const load = { inHand: 0, waiting: 0, oldestMs: 0, movedAt, queueTrouble: undefined };
  it("moves for 90 s after it was last seen moving, and before it has begun", () => {
    expect(isMoving(load, monotonicMs(91_000))).toBe(true);
    expect(isMoving(load, monotonicMs(91_001))).toBe(false);
    expect(isMoving(undefined, monotonicMs(1e12))).toBe(true);
  });
});
