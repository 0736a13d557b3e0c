import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { leaksSince, openResources } from "./leaks.ts";

/** Turns of the event loop in which closed sockets and ended processes may disappear. */
const TURNS = 2_000;

let before: ReadonlyMap<string, number>;

beforeAll(() => {
  before = openResources();
});

afterAll(async () => {
  for (let turn = 0; turn < TURNS && leaksSince(before).length > 0; turn += 1) await setImmediate();
  const leaks = leaksSince(before);
  if (leaks.length > 0) throw new Error(`this file left behind: ${leaks.join(", ")}`);
});
