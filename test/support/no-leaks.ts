import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { leaksSince, openResources } from "./leaks.ts";

/** What ends by itself in so many ms (a socket that is closing, a library's time-out) is no leak. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 5;

let before: ReadonlyMap<string, number>;

beforeAll(() => {
  before = openResources();
});

afterAll(async () => {
  const end = performance.now() + PATIENCE_MS;
  while (leaksSince(before).length > 0 && performance.now() < end) await setTimeout(LOOK_EVERY_MS);
  const leaks = leaksSince(before);
  if (leaks.length > 0) throw new Error(`this file left behind: ${leaks.join(", ")}`);
});
