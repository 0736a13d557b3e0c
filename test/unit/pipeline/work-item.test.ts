import { expect, it } from "vitest";
import { epochMs, after as later, monotonicMs } from "../../../src/domain/time.ts";
import { newItem, owingUnavailable, retryOf } from "../../../src/pipeline/work-item.ts";
import { oracleFailure, workItem } from "../../support/work.ts";

const NOW = monotonicMs(1_000);
const plan = { waitMs: 5_000, where: "backlog", attempt: 2 } as const;

it("a new item counts the attempts that failed before its message was received again", () => {
  const item = workItem("c1");
  expect(item.attempt).toBe(1);
  item.session.attempts = 3;
  expect(newItem(item).attempt).toBe(4);
  expect(newItem(item).state).toEqual({ kind: "new" });
});

it("new -> owes_unavailable -> retry: each state has only what it needs", () => {
  const failure = oracleFailure();
  const owing = owingUnavailable(workItem("c1"), failure, plan, NOW);
  const notBefore = later(NOW, 5_000);
  expect(owing.state).toEqual({ kind: "owes_unavailable", failure, next: plan, notBefore });
  expect(owing.attempt).toBe(1);
  const retry = retryOf(owing, 2, failure, notBefore);
  expect(retry.state).toEqual({ kind: "retry", failure, notBefore });
});

it("an item cannot owe `unavailable` without a failure", () => {
  const notBefore = NOW;
  // @ts-expect-error the failure and the plan are missing
  const state: ReturnType<typeof workItem>["state"] = { kind: "owes_unavailable", notBefore };
  expect(state.kind).toBe("owes_unavailable");
});

it("whether an agent has answered is read whenever it is asked", () => {
  const item = workItem("c1");
  expect(item.answered).toBe(false);
  item.conversation.agentAt = later(item.startedAt, 1);
  expect(item.answered).toBe(true);
  expect(retryOf(item, 2, oracleFailure(), NOW).answered).toBe(true);
});

it("an event without a time counts as old as its message", () => {
  const item = workItem("c1");
  const timeless = newItem({ ...item, event: { ...item.event, happenedAt: epochMs(0) } });
  expect(timeless.startedAt).toBe(item.message.sentAt);
});
