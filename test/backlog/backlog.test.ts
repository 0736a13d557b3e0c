import { expect, it } from "vitest";
import { createBacklog } from "../../src/backlog/backlog.ts";

const waiting = (messageId: string, attempt = 1) => ({ message: { messageId }, attempt });

it("first tries go in order of arrival, later tries behind them", () => {
  const backlog = createBacklog();
  for (const one of [waiting("a", 2), waiting("b"), waiting("c")]) backlog.add(one);
  expect([backlog.next(), backlog.next(), backlog.next(), backlog.next()]).toEqual([
    waiting("b"),
    waiting("c"),
    waiting("a", 2),
    undefined,
  ]);
});

it("what is cancelled leaves at once, and only once", () => {
  const backlog = createBacklog();
  backlog.add(waiting("a"));
  backlog.add(waiting("b", 3));
  expect(backlog.remove("b")).toEqual(waiting("b", 3));
  expect(backlog.remove("b")).toBeUndefined();
  expect(backlog.size).toBe(1);
});

it("draining takes out everything", () => {
  const backlog = createBacklog();
  backlog.add(waiting("a"));
  backlog.add(waiting("b", 2));
  expect(backlog.drain()).toHaveLength(2);
  expect(backlog.size).toBe(0);
});
