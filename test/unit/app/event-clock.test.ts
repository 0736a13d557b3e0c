import { expect, it } from "vitest";
import { createEventClock } from "../../../src/app/event-clock.ts";
import { after as later } from "../../../src/domain/time.ts";
import { createTestClocks, HOUR_MS } from "../../support/clocks.ts";

it("goes on by the monotonic clock if the machine's clock jumps before SQS answers again", () => {
  const clocks = createTestClocks();
  const start = clocks.epochNow();
  const { now } = createEventClock(() => 0, clocks);
  clocks.correct(HOUR_MS);
  clocks.pass(1_000);
  expect(now()).toBe(later(start, 1_000));
  clocks.correct(-2 * HOUR_MS);
  clocks.pass(1_000);
  expect(now()).toBe(later(start, 2_000));
});

it("is AWS' clock after the answer that follows a jump", () => {
  const clocks = createTestClocks();
  const start = clocks.epochNow();
  let offset = 0;
  const { now, synchronise } = createEventClock(() => offset, clocks);
  clocks.correct(HOUR_MS);
  offset = -HOUR_MS;
  synchronise();
  expect(now()).toBe(start);
  clocks.pass(500);
  expect(now()).toBe(later(start, 500));
});

it("is this machine's clock if AWS' is less than a minute away", () => {
  const clocks = createTestClocks();
  expect(createEventClock(() => 60_000, clocks).now()).toBe(clocks.epochNow());
  expect(createEventClock(() => 60_001, clocks).now()).toBe(later(clocks.epochNow(), 60_001));
});
