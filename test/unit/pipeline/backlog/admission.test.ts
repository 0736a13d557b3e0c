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
const room: AdmissionState = {
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

describe("one more begins", () => {
  it("while Oracle has a place", () => {
    expect(canStart(1, { ...room, lookingUp: 15 })).toBe(true);
    expect(canStart(1, { ...room, lookingUp: 16 })).toBe(false);
  });
  it("where Genesys' budget is there by the time that the history is", () => {
    expect(canStart(1, { ...room, genesys: genesys(10), unwritten: 9 })).toBe(true);
    expect(canStart(1, { ...room, genesys: genesys(10), unwritten: 10 })).toBe(false);
    expect(canStart(1, { ...room, genesys: genesys(0) })).toBe(false);
  });
  it("where Genesys' rest is over by then; Oracle's rest is for the call itself to meet", () => {
    const resting = (pausedForMs: number) => ({ ...genesys(300), pausedForMs });
    expect(canStart(1, { ...room, genesys: resting(2_000) })).toBe(true);
    expect(canStart(1, { ...room, genesys: resting(2_001) })).toBe(false);
    expect(canStart(1, { ...room, oracle: { ...endless, pausedForMs: 60_000 } })).toBe(true);
    expect(canWriteUnavailable({ ...room, genesys: resting(1) })).toBe(false);
  });
  it("where Oracle's own budget is enough for all who look up", () => {
    const oracle = { perMinute: 60, free: 10, freeNow: 10, pausedForMs: 0 };
    expect(canStart(1, { ...room, oracle, lookingUp: 4 })).toBe(true);
    expect(canStart(1, { ...room, oracle, lookingUp: 5 })).toBe(false);
  });
  it("on what is left, where that is less than a lookup costs, or nobody would ever begin", () => {
    const oracle = { perMinute: 1, free: 1, freeNow: 1, pausedForMs: 0 };
    expect(canStart(1, { ...room, oracle })).toBe(true);
    expect(canStart(1, { ...room, oracle: { ...oracle, free: 0 } })).toBe(false);
  });
});

describe("`unavailable`", () => {
  it("leaves a quarter of the budget to histories", () => {
    expect(canWriteUnavailable({ ...room, genesys: genesys(76) })).toBe(true);
    expect(canWriteUnavailable({ ...room, genesys: genesys(75) })).toBe(false);
  });
  it("counts what is under way, and not what comes back later", () => {
    expect(canWriteUnavailable({ ...room, genesys: genesys(300, 80), unwritten: 5 })).toBe(false);
  });
  it("is free where nothing is limited", () => {
    expect(canWriteUnavailable({ ...room, genesys: endless, unwritten: 1_000 })).toBe(true);
  });
});

describe("budget that does not do for all who wait", () => {
  const scarce = { ...room, genesys: genesys(20) };
  it("is spread over the window", () => {
    expect(canStart(100, { ...scarce, startedRecently: 27 })).toBe(true);
    expect(canStart(100, { ...scarce, startedRecently: 28 })).toBe(false);
    const oracle = { perMinute: 60, free: 20, freeNow: 20, pausedForMs: 0 };
    expect(canStart(100, { ...room, oracle, startedRecently: 2 })).toBe(true);
    expect(canStart(100, { ...room, oracle, startedRecently: 3 })).toBe(false);
  });
  it("is spent at once where it does", () => {
    expect(canStart(20, { ...scarce, startedRecently: 1_000 })).toBe(true);
    expect(canStart(300, { ...room, startedRecently: 1_000 })).toBe(true);
  });
});

describe("an overload", () => {
  const wide = { ...room, oracleConcurrency: 1_000 };
  it("is a line that Genesys' budget, Oracle's budget or Oracle's places cannot serve in a second", () => {
    expect(isOverloaded(305, wide)).toBe(false);
    expect(isOverloaded(306, wide)).toBe(true);
    expect(isOverloaded(8, room)).toBe(false);
    expect(isOverloaded(9, room)).toBe(true);
    const oracle = { perMinute: 60, free: 20, freeNow: 20, pausedForMs: 0 };
    expect(isOverloaded(10, { ...wide, oracle })).toBe(false);
    expect(isOverloaded(11, { ...wide, oracle })).toBe(true);
    expect(isOverloaded(0, { ...wide, genesys: genesys(0) })).toBe(false);
  });
});
