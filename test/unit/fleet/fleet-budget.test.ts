import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { monotonicMs } from "../../../src/domain/time.ts";
import { createFleetBudget } from "../../../src/fleet/fleet-budget.ts";
import type { BudgetEvent } from "../../../src/resilience/budget/budget.ts";

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }),
);
afterEach(() => void vi.useRealTimers());

/** One worker, and a lease table that answers as `table` says; undefined: Redis cannot be reached. */
function startBudget() {
  const table: { id: number | undefined; grants: boolean } = { id: 1, grants: true };
  const events: BudgetEvent[] = [];
  let onBack = () => {};
  const budget = createFleetBudget({
    shared: {
      run: (_script, _keys, args) => {
        if (table.id === undefined) return Promise.reject(new Error("unreachable"));
        const granted = table.grants ? Number(args[6]) : 0;
        return Promise.resolve([granted, 5, 10 + granted, 40, 4, table.id, 0, 0]);
      },
      get: () => Promise.resolve(null),
      set: () => Promise.resolve(),
      onBack(listener) {
        onBack = listener;
        return () => {
          onBack = () => {};
        };
      },
      close: () => undefined,
    },
    name: "test",
    worker: "w",
    amounts: { limit: 40, windowMs: 800, reserve: 0, timeoutMs: 200 },
    now: () => monotonicMs(performance.now()),
    report: (event) => void events.push(event),
  });
  const take = async (live: number) => (await budget.take({ live, other: 0 })).slots;
  const kinds = () => events.map(({ kind }) => kind);
  return { budget, table, take, kinds, reconnect: () => onBack() };
}

const beats = () => vi.advanceTimersByTimeAsync(250);
const settles = () => vi.advanceTimersByTimeAsync(2_000);

it("degrades if a take fails, serves from its share, and is shared again after the settle time", async () => {
  const { budget, table, take, kinds } = startBudget();
  const slots = await take(3);
  expect(slots).toHaveLength(3);
  table.id = undefined;
  expect(await take(3)).toHaveLength(0);
  expect(kinds()).toEqual(["degraded"]);
  for (const slot of slots) budget.answered(slot, undefined);
  const [probe, ...others] = await take(3);
  if (probe === undefined) throw new Error("no probe was granted");
  expect(others).toHaveLength(0);
  expect(await take(3)).toHaveLength(0);
  budget.answered(probe, { count: 1 });
  // A quarter of the 27 that were left, less the probe.
  expect(await take(40)).toHaveLength(5);
  table.id = 1;
  await beats();
  expect(budget.state().mode).toBe("degraded");
  await settles();
  expect(kinds()).toEqual(["degraded", "shared"]);
  expect(budget.state()).toMatchObject({ mode: "shared", workers: 4 });
  budget.close();
});

it("needs the table's grant too while it rejoins", async () => {
  const { budget, table, take } = startBudget();
  await beats();
  table.id = 2;
  table.grants = false;
  await beats();
  await beats();
  expect(budget.state().mode).toBe("degraded");
  expect(await take(1)).toHaveLength(0);
  table.grants = true;
  expect(await take(1)).toHaveLength(1);
  budget.close();
});

it("degrades if the connection was lost, and if the table is another one", async () => {
  const { budget, table, kinds, reconnect } = startBudget();
  await beats();
  reconnect();
  expect(kinds()).toEqual(["degraded"]);
  await settles();
  expect(kinds()).toEqual(["degraded", "shared"]);
  table.id = 2;
  await beats();
  expect(kinds()).toEqual(["degraded", "shared", "degraded"]);
  budget.close();
});

it("does not degrade and asks nothing any more once it is closed", async () => {
  const { budget, table, take, kinds, reconnect } = startBudget();
  await beats();
  const taking = take(1);
  table.id = undefined;
  budget.close();
  expect(await taking).toHaveLength(0);
  reconnect();
  await settles();
  expect(kinds()).toEqual([]);
  expect(budget.state().mode).toBe("shared");
});
