import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { leaksSince, openResources } from "./leaks.ts";

/** What ends by itself within this time, in ms, is no leak: a closing socket, a library's time-out. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 5;

let before: ReadonlyMap<string, number>;

beforeAll(() => {
  // A timer that is open now is Vitest's own and ends by itself; it would hide one that is left behind.
  before = new Map([...openResources(), ["Timeout", 0]]);
});

afterAll(async () => {
  const end = performance.now() + PATIENCE_MS;
  while (leaksSince(before).length > 0 && performance.now() < end) await setTimeout(LOOK_EVERY_MS);
  const leaks = leaksSince(before);
  if (leaks.length > 0) throw new Error(`this file left behind: ${leaks.join(", ")}`);
});
