import { describe, expect, it } from "vitest";
import {
  isOverloaded,
  lineMs,
  mayBegin,
  maySayUnavailable,
  type Room,
} from "../../src/backlog/room.ts";

const endless = {
  perMinute: Number.POSITIVE_INFINITY,
  free: Number.POSITIVE_INFINITY,
  freeNow: Number.POSITIVE_INFINITY,
};
const room: Room = {
  genesys: { perMinute: 300, free: 300, freeNow: 300 },
  oracle: endless,
  oracleConcurrency: 16,
  oracleRequests: 2,
  lookupMs: 2_000,
  lookingUp: 0,
  unwritten: 0,
};
const genesys = (free: number, freeNow = free) => ({ perMinute: 300, free, freeNow });

describe("one more begins", () => {
  it("while Oracle has a place, and one more waits in front of it", () => {
    expect(mayBegin({ ...room, lookingUp: 16 })).toBe(true);
    expect(mayBegin({ ...room, lookingUp: 17 })).toBe(false);
  });
  it("where Genesys' budget is there by the time that the history is", () => {
    expect(mayBegin({ ...room, genesys: genesys(10), unwritten: 9 })).toBe(true);
    expect(mayBegin({ ...room, genesys: genesys(10), unwritten: 10 })).toBe(false);
    expect(mayBegin({ ...room, genesys: genesys(0) })).toBe(false);
  });
  it("where Oracle's own budget is enough for all who look up", () => {
    const oracle = { perMinute: 60, free: 10, freeNow: 10 };
    expect(mayBegin({ ...room, oracle, lookingUp: 4 })).toBe(true);
    expect(mayBegin({ ...room, oracle, lookingUp: 5 })).toBe(false);
  });
  it("on what is left, where that is less than a lookup costs, or nobody would ever begin", () => {
    const oracle = { perMinute: 1, free: 1, freeNow: 1 };
    expect(mayBegin({ ...room, oracle })).toBe(true);
    expect(mayBegin({ ...room, oracle: { ...oracle, free: 0 } })).toBe(false);
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

describe("the line", () => {
  it("is as long as the narrowest of the three lets it be", () => {
    expect(lineMs(400, { ...room, oracleConcurrency: 1_000 })).toBe(20_000);
    expect(lineMs(16, room)).toBe(2_000);
    const oracle = { perMinute: 60, free: 20, freeNow: 20 };
    expect(lineMs(40, { ...room, oracle })).toBe(60_000);
    expect(lineMs(0, { ...room, genesys: genesys(0) })).toBe(0);
  });
  it("is no overload while all are served within ten seconds", () => {
    const wide = { ...room, oracleConcurrency: 1_000 };
    expect(isOverloaded(350, wide)).toBe(false);
    expect(isOverloaded(351, wide)).toBe(true);
  });
});
