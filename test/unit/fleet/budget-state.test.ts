import { describe, expect, it } from "vitest";
import { monotonicMs } from "../../../src/domain/time.ts";
import {
  ANOTHER_TABLE,
  type Degraded,
  type FleetBudgetState,
  firstState,
  knowsTable,
  publicState,
  type Rejoining,
  rateLimitReported,
  type Shared,
  tableAnswered,
  tableLost,
} from "../../../src/fleet/budget-state.ts";

const SETTLE_MS = 3_500;
const table = { id: 7, left: 20, workers: 4 };
const another = { id: 8, left: 40, workers: 1 };
const shared: Shared = { kind: "shared", limit: 40, table };
const degraded: Degraded = {
  ...{ kind: "degraded", since: monotonicMs(1_000), because: "timed out", probed: false },
  ...{ limit: 40, left: 20, workers: 4, heldIds: ["w.1", "w.2"] },
};
const rejoining: Rejoining = {
  ...degraded,
  kind: "rejoining",
  tableId: table.id,
  settlesAt: monotonicMs(6_000),
};

function at(ms: number, heldIds: readonly string[] = []) {
  return { at: monotonicMs(ms), heldIds };
}

function answered(state: FleetBudgetState, view: typeof table, ms: number, limit = 40) {
  return tableAnswered(state, { limit, table: view }, at(ms, ["w.1", "w.2"]), SETTLE_MS);
}

describe("shared", () => {
  it("is the first state, with the whole limit", () => {
    expect(firstState(40)).toEqual({ kind: "shared", limit: 40, table: undefined });
  });

  it("takes the first table that answers", () => {
    expect(answered(firstState(40), table, 1_000)).toEqual(shared);
  });

  it("follows its table", () => {
    const view = { ...table, left: 3, workers: 5 };
    expect(answered(shared, view, 1_000, 60)).toEqual({ kind: "shared", limit: 60, table: view });
  });

  it("becomes degraded if another table answers", () => {
    expect(answered(shared, another, 1_000)).toEqual({ ...degraded, because: ANOTHER_TABLE });
  });

  it("becomes degraded if Redis fails, with what the table said last", () => {
    expect(tableLost(shared, "timed out", at(1_000, ["w.1", "w.2"]))).toEqual(degraded);
  });

  it("becomes degraded if Redis fails before its first answer, as one of ten", () => {
    expect(tableLost(firstState(40), "timed out", at(1_000))).toEqual({
      ...degraded,
      left: 40,
      workers: 10,
      heldIds: [],
    });
  });

  it("leaves rate limits to the table", () => {
    expect(rateLimitReported(shared, { allowed: 10, count: 9, pauseMs: 5 })).toBe(shared);
  });
});

describe("degraded", () => {
  it("stays degraded if Redis fails again, since the first failure", () => {
    expect(tableLost(degraded, "refused", at(9_000))).toBe(degraded);
  });

  it.each([table, another])("rejoins when a table answers: $id", (view) => {
    expect(answered(degraded, view, 2_500)).toEqual({
      ...rejoining,
      tableId: view.id,
      settlesAt: 6_000,
    });
  });

  it("has less left if the first answer of the API counts more", () => {
    const probed = rateLimitReported(degraded, { allowed: 40, count: 35 });
    expect(probed).toEqual({ ...degraded, left: 5, probed: true });
    expect(rateLimitReported(probed, { count: 39 })).toEqual(probed);
  });

  it("never has more left than it knew", () => {
    expect(rateLimitReported(degraded, { count: 1 })).toMatchObject({ left: 20, probed: true });
    expect(rateLimitReported(degraded, {})).toMatchObject({ left: 20, probed: true });
    expect(rateLimitReported(degraded, { count: 99 })).toMatchObject({ left: 0 });
  });

  it("follows the limit of the API", () => {
    expect(rateLimitReported(degraded, { allowed: 60 })).toMatchObject({ limit: 60 });
  });

  it("has to probe again after a pause", () => {
    const probed: Degraded = { ...degraded, probed: true };
    expect(rateLimitReported(probed, { pauseMs: 500 })).toEqual(degraded);
  });
});

describe("rejoining", () => {
  it("waits until the table has settled", () => {
    expect(answered(rejoining, table, 5_999)).toBe(rejoining);
  });

  it("becomes shared after the settle time, with the answer of the table", () => {
    expect(answered(rejoining, table, 6_000)).toEqual(shared);
  });

  it("waits again from the start if another table answers, even after the settle time", () => {
    expect(answered(rejoining, another, 7_000)).toEqual({
      ...rejoining,
      tableId: another.id,
      settlesAt: 10_500,
    });
  });

  it("becomes degraded if Redis fails, since the first failure", () => {
    expect(tableLost(rejoining, "refused", at(5_000, ["w.9"]))).toEqual({
      ...degraded,
      because: "refused",
    });
  });

  it("follows rate limits as a degraded budget does", () => {
    expect(rateLimitReported(rejoining, { count: 35 })).toEqual({
      ...rejoining,
      left: 5,
      probed: true,
    });
  });
});

describe("a grant", () => {
  it.each<[string, FleetBudgetState, number, boolean]>([
    ["may be used before any table is known", firstState(40), another.id, true],
    ["may be used if shared and of the same table", shared, table.id, true],
    ["is void if shared and of another table", shared, another.id, false],
    ["is void if degraded", degraded, table.id, false],
    ["may be used if rejoining and of the same table", rejoining, table.id, true],
    ["is void if rejoining and of another table", rejoining, another.id, false],
  ])("%s", (_, state, id, expected) => {
    expect(knowsTable(state, id)).toBe(expected);
  });
});

describe("the public state", () => {
  const now = { held: 6, pausedForMs: 250 };

  it("has the usage of the whole fleet if shared", () => {
    const expected = { mode: "shared", limit: 40, used: 20, pausedForMs: 250, workers: 4 };
    expect(publicState(shared, now)).toEqual(expected);
  });

  it("has nothing used and one worker before the table answers", () => {
    expect(publicState(firstState(40), now)).toMatchObject({ used: 0, workers: 1 });
  });

  it.each([degraded, rejoining])("has the own usage if $kind", (state) => {
    const expected = { mode: "degraded", limit: 40, used: 6, pausedForMs: 250, workers: 4 };
    expect(publicState(state, now)).toEqual(expected);
  });
});
