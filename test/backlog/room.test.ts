import { describe, expect, it } from "vitest";
import {
  isOverloaded,
  mayBegin,
  maySayUnavailable,
  type Room,
} from "../../src/pipeline/backlog/admission.ts";

const endless = {
  perMinute: Number.POSITIVE_INFINITY,
  free: Number.POSITIVE_INFINITY,
  freeNow: Number.POSITIVE_INFINITY,
  pausedForMs: 0,
};
const room: Room = {
  genesys: { perMinute: 300, free: 300, freeNow: 300, pausedForMs: 0 },
  oracle: endless,
  oracleConcurrency: 16,
  oracleRequests: 2,
  lookupMs: 2_000,
  lookingUp: 0,
  unwritten: 0,
  begunLately: 0,
};
const genesys = (free: number, freeNow = free) => ({
  perMinute: 300,
  free,
  freeNow,
  pausedForMs: 0,
});

describe("one more begins", () => {
  it("while Oracle has a place", () => {
    expect(mayBegin(1, { ...room, lookingUp: 15 })).toBe(true);
    expect(mayBegin(1, { ...room, lookingUp: 16 })).toBe(false);
  });
  it("where Genesys' budget is there by the time that the history is", () => {
    expect(mayBegin(1, { ...room, genesys: genesys(10), unwritten: 9 })).toBe(true);
    expect(mayBegin(1, { ...room, genesys: genesys(10), unwritten: 10 })).toBe(false);
    expect(mayBegin(1, { ...room, genesys: genesys(0) })).toBe(false);
  });
  it("where Genesys' rest is over by then; Oracle's rest is for the call itself to meet", () => {
    const resting = (pausedForMs: number) => ({ ...genesys(300), pausedForMs });
    expect(mayBegin(1, { ...room, genesys: resting(2_000) })).toBe(true);
    expect(mayBegin(1, { ...room, genesys: resting(2_001) })).toBe(false);
    expect(mayBegin(1, { ...room, oracle: { ...endless, pausedForMs: 60_000 } })).toBe(true);
    expect(maySayUnavailable({ ...room, genesys: resting(1) })).toBe(false);
  });
  it("where Oracle's own budget is enough for all who look up", () => {
    const oracle = { perMinute: 60, free: 10, freeNow: 10, pausedForMs: 0 };
    expect(mayBegin(1, { ...room, oracle, lookingUp: 4 })).toBe(true);
    expect(mayBegin(1, { ...room, oracle, lookingUp: 5 })).toBe(false);
  });
  it("on what is left, where that is less than a lookup costs, or nobody would ever begin", () => {
    const oracle = { perMinute: 1, free: 1, freeNow: 1, pausedForMs: 0 };
    expect(mayBegin(1, { ...room, oracle })).toBe(true);
    expect(mayBegin(1, { ...room, oracle: { ...oracle, free: 0 } })).toBe(false);
  });
});

describe("`unavailable`", () => {
  it("leaves a quarter of the budget to histories", () => {
    expect(maySayUnavailable({ ...room, genesys: genesys(76) })).toBe(true);
    expect(maySayUnavailable({ ...room, genesys: genesys(75) })).toBe(false);
  });
  it("counts what is under way, and not what comes back later", () => {
    expect(maySayUnavailable({ ...room, genesys: genesys(300, 80), unwritten: 5 })).toBe(false);
  });
  it("is free where nothing is limited", () => {
    expect(maySayUnavailable({ ...room, genesys: endless, unwritten: 1_000 })).toBe(true);
  });
});

describe("budget that does not do for all who wait", () => {
  const scarce = { ...room, genesys: genesys(20) };
  it("is spread over the window", () => {
    expect(mayBegin(100, { ...scarce, begunLately: 27 })).toBe(true);
    expect(mayBegin(100, { ...scarce, begunLately: 28 })).toBe(false);
    const oracle = { perMinute: 60, free: 20, freeNow: 20, pausedForMs: 0 };
    expect(mayBegin(100, { ...room, oracle, begunLately: 2 })).toBe(true);
    expect(mayBegin(100, { ...room, oracle, begunLately: 3 })).toBe(false);
  });
  it("is spent at once where it does", () => {
    expect(mayBegin(20, { ...scarce, begunLately: 1_000 })).toBe(true);
    expect(mayBegin(300, { ...room, begunLately: 1_000 })).toBe(true);
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
