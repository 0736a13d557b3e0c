import { describe, expect, it } from "vitest";
import {
  type AdmissionState,
  canStart,
  canWriteUnavailable,
  isOverloaded,
} from "../../../../src/pipeline/backlog/admission.ts";

const endless = {
  perMinute: Number.POSITIVE_INFINITY,
  free: Number.POSITIVE_INFINITY,
  freeNow: Number.POSITIVE_INFINITY,
  pausedForMs: 0,
};
const state: AdmissionState = {
  genesys: { perMinute: 300, free: 300, freeNow: 300, pausedForMs: 0 },
  oracle: endless,
  oracleConcurrency: 16,
  oracleRequests: 2,
  lookupMs: 2_000,
  lookingUp: 0,
  unwritten: 0,
  startedRecently: 0,
};
const genesys = (free: number, freeNow = free) => ({
  perMinute: 300,
  free,
  freeNow,
  pausedForMs: 0,
});

describe("one more attempt starts", () => {
  it("while Oracle has capacity", () => {
    expect(canStart(1, { ...state, lookingUp: 15 })).toBe(true);
    expect(canStart(1, { ...state, lookingUp: 16 })).toBe(false);
  });
  it("if Genesys' budget is there when the history is", () => {
    expect(canStart(1, { ...state, genesys: genesys(10), unwritten: 9 })).toBe(true);
    expect(canStart(1, { ...state, genesys: genesys(10), unwritten: 10 })).toBe(false);
    expect(canStart(1, { ...state, genesys: genesys(0) })).toBe(false);
  });
  it("if a pause of Genesys is over by then; a pause of Oracle is left to the call itself", () => {
    const paused = (pausedForMs: number) => ({ ...genesys(300), pausedForMs });
    expect(canStart(1, { ...state, genesys: paused(2_000) })).toBe(true);
    expect(canStart(1, { ...state, genesys: paused(2_001) })).toBe(false);
    expect(canStart(1, { ...state, oracle: { ...endless, pausedForMs: 60_000 } })).toBe(true);
    expect(canWriteUnavailable({ ...state, genesys: paused(1) })).toBe(false);
  });
  it("if Oracle's own budget is enough for all lookups", () => {
    const oracle = { perMinute: 60, free: 10, freeNow: 10, pausedForMs: 0 };
    expect(canStart(1, { ...state, oracle, lookingUp: 4 })).toBe(true);
    expect(canStart(1, { ...state, oracle, lookingUp: 5 })).toBe(false);
  });
  it("on what is left, if that is less than a lookup costs: otherwise none would ever start", () => {
    const oracle = { perMinute: 1, free: 1, freeNow: 1, pausedForMs: 0 };
    expect(canStart(1, { ...state, oracle })).toBe(true);
    expect(canStart(1, { ...state, oracle: { ...oracle, free: 0 } })).toBe(false);
  });
});

describe("`unavailable`", () => {
  it("leaves a quarter of the budget to histories", () => {
    expect(canWriteUnavailable({ ...state, genesys: genesys(76) })).toBe(true);
    expect(canWriteUnavailable({ ...state, genesys: genesys(75) })).toBe(false);
  });
  it("counts what is in progress, and not what is free later", () => {
    expect(canWriteUnavailable({ ...state, genesys: genesys(300, 80), unwritten: 5 })).toBe(false);
  });
  it("is free if nothing is limited", () => {
    expect(canWriteUnavailable({ ...state, genesys: endless, unwritten: 1_000 })).toBe(true);
  });
});

describe("budget that is too small for the backlog", () => {
  const scarce = { ...state, genesys: genesys(20) };
  it("is spread over the window", () => {
    expect(canStart(100, { ...scarce, startedRecently: 27 })).toBe(true);
    expect(canStart(100, { ...scarce, startedRecently: 28 })).toBe(false);
    const oracle = { perMinute: 60, free: 20, freeNow: 20, pausedForMs: 0 };
    expect(canStart(100, { ...state, oracle, startedRecently: 2 })).toBe(true);
    expect(canStart(100, { ...state, oracle, startedRecently: 3 })).toBe(false);
  });
  it("is spent at once if it is large enough", () => {
    expect(canStart(20, { ...scarce, startedRecently: 1_000 })).toBe(true);
    expect(canStart(300, { ...state, startedRecently: 1_000 })).toBe(true);
  });
});

describe("an overload", () => {
  const wide = { ...state, oracleConcurrency: 1_000 };
  it("is a backlog that Genesys' budget, Oracle's budget or Oracle's concurrency cannot serve in a second", () => {
    expect(isOverloaded(305, wide)).toBe(false);
    expect(isOverloaded(306, wide)).toBe(true);
    expect(isOverloaded(8, state)).toBe(false);
    expect(isOverloaded(9, state)).toBe(true);
    const oracle = { perMinute: 60, free: 20, freeNow: 20, pausedForMs: 0 };
    expect(isOverloaded(10, { ...wide, oracle })).toBe(false);
    expect(isOverloaded(11, { ...wide, oracle })).toBe(true);
    expect(isOverloaded(0, { ...wide, genesys: genesys(0) })).toBe(false);
  });
});
