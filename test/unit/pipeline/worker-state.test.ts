import { expect, it } from "vitest";
import { started, stopped, type WorkerState } from "../../../src/pipeline/worker-state.ts";

const created: WorkerState = { phase: "created" };
const drained = () => Promise.resolve();

it("created -> polling, once", () => {
  const polling = started(created);
  expect(polling).toEqual({ phase: "polling" });
  expect(started(polling)).toBe(polling);
});

it("polling -> draining, for the first reason only", () => {
  const drains: string[] = [];
  const drain = (because: string) => {
    drains.push(because);
    return Promise.resolve();
  };
  const first = stopped(started(created), "SIGTERM", drain);
  expect(first).toMatchObject({ phase: "draining", because: "SIGTERM" });
  expect(stopped(first, "SIGINT", drain)).toBe(first);
  expect(drains).toEqual(["SIGTERM"]);
});

it("created -> draining: a worker that never polled can be stopped", () => {
  expect(stopped(created, "SIGTERM", drained).phase).toBe("draining");
});

it("draining -> draining: a worker that drains never polls again", () => {
  const draining = stopped(created, "SIGTERM", drained);
  expect(started(draining)).toBe(draining);
});
