import { describe, expect, it } from "vitest";
import { type EpochMs, epochMs, monotonicMs } from "../../../src/domain/time.ts";
import {
  type AttemptResult,
  OWNED_ELSEWHERE_MS,
  type SettleAt,
  settlementOf,
} from "../../../src/pipeline/attempt-result.ts";
import { owingUnavailable, retryOf, type WorkItem } from "../../../src/pipeline/work-item.ts";
import { oracleFailure, workItem } from "../../support/work.ts";

const item = workItem("c1");
const NOW = monotonicMs(50_000);
const at: SettleAt = { eventNow: item.message.sentAt, monotonicNow: NOW, random: 0 };
const later = (ms: number): SettleAt => ({
  ...at,
  eventNow: epochMs(item.message.sentAt + ms) as EpochMs,
});

function settled(result: AttemptResult, work: WorkItem = item, when = at) {
  return settlementOf(work, result, when);
}
const failed = (details: Parameters<typeof oracleFailure>[0] = {}) =>
  ({ kind: "failed", failure: oracleFailure(details) }) as const;

describe("a result that ends the work", () => {
  it("written: handled", () => {
    expect(settled({ kind: "written" })).toEqual({ kind: "handled" });
  });
  it("unneeded: acknowledged, and not recorded as handled", () => {
    const because = "history_written";
    expect(settled({ kind: "unneeded", because })).toEqual({ kind: "acknowledged", because });
  });
  it("aborted by the end of the conversation: expired", () => {
    const result = { kind: "aborted", because: "conversation_ended" } as const;
    expect(settled(result)).toMatchObject({ kind: "expired", code: "conversation_ended" });
  });
  it("a permanent failure: dead letter with that failure", () => {
    const result = failed({ kind: "permanent", code: "bad_request" });
    expect(settled(result)).toEqual({ kind: "dead_letter", failure: result.failure });
  });
  it("a 404 after the end: expired, and before the end a dead letter", () => {
    const result = failed({ kind: "permanent", code: "conversation_not_found", status: 404 });
    const ended = workItem("c2");
    ended.session.endedAt = ended.startedAt;
    expect(settled(result, ended)).toMatchObject({ kind: "expired", code: "conversation_ended" });
    expect(settled(result).kind).toBe("dead_letter");
  });
  it("a failure at the end of the retry window: expired with its message", () => {
    expect(settled(failed(), item, later(30 * 60_000))).toEqual({
      kind: "expired",
      code: "retries_ended",
      reason: "Oracle answered 503",
    });
  });
});

describe("a result after which the message returns to the queue", () => {
  it("owned by another message: not deleted, for that worker may die", () => {
    expect(settled({ kind: "owned_elsewhere" })).toEqual({
      kind: "requeued",
      delayMs: OWNED_ELSEWHERE_MS,
      because: "owned_elsewhere",
    });
  });
  it("aborted by a drain: at once", () => {
    expect(settled({ kind: "aborted", because: "draining" })).toEqual({
      kind: "requeued",
      delayMs: 0,
      because: "draining",
    });
  });
  it("a failure whose wait is long, with the number of failed attempts", () => {
    const result = failed({ source: "genesys", retryAfterMs: 60_000 });
    expect(settled(result)).toEqual({
      kind: "requeued",
      delayMs: 60_000,
      because: "retry",
      attempts: 1,
      failed: { failure: result.failure, waitMs: 60_000 },
    });
  });
});

describe("a result after which the item waits in the backlog", () => {
  it("yielded: as it is", () => {
    expect(settled({ kind: "yielded" })).toEqual({ kind: "waiting", item, because: "yielded" });
  });
  it("a failure of Genesys whose wait is short: a retry", () => {
    const { failure } = failed({ source: "genesys" });
    expect(settled({ kind: "failed", failure })).toMatchObject({
      kind: "waiting",
      item: { attempt: 2, state: { kind: "retry", failure, notBefore: NOW + 1_000 } },
    });
  });
  it("a failure of Oracle with nothing written: it owes `unavailable`", () => {
    const { failure } = failed();
    expect(settled({ kind: "failed", failure })).toMatchObject({
      kind: "waiting",
      item: {
        attempt: 1,
        state: { kind: "owes_unavailable", failure, notBefore: NOW + 1_000 },
      },
    });
  });
  it("a failure of Oracle after a write: a retry, for the agent has seen something", () => {
    const written = workItem("c3");
    written.session.written = { status: "unavailable", at: written.startedAt };
    expect(settled(failed(), written)).toMatchObject({
      kind: "waiting",
      item: { state: { kind: "retry" } },
    });
  });
});

describe("`unavailable` that was handled", () => {
  const next = { waitMs: 5_000, where: "backlog", attempt: 2 } as const;
  const result = { kind: "unavailable_handled" } as const;

  it("waits for the attempt that was planned", () => {
    const owing = owingUnavailable(item, oracleFailure(), next, NOW);
    expect(settled(result, owing)).toMatchObject({
      kind: "waiting",
      item: { attempt: 2, state: { kind: "retry", notBefore: NOW + 5_000 } },
    });
  });
  it("returns to the queue for what is left of the wait, never for less than nothing", () => {
    const plan = { ...next, waitMs: 60_000, where: "queue" } as const;
    const owing = owingUnavailable(item, oracleFailure(), plan, monotonicMs(NOW - 10_000));
    expect(settled(result, owing)).toMatchObject({ kind: "requeued", delayMs: 50_000 });
    const overdue = owingUnavailable(item, oracleFailure(), plan, monotonicMs(NOW - 70_000));
    expect(settled(result, overdue)).toMatchObject({ kind: "requeued", delayMs: 0 });
  });
  it("owes it no longer", () => {
    const retry = retryOf(item, 2, oracleFailure(), NOW);
    expect(retry.state.kind).toBe("retry");
    expect(retry.attempt).toBe(2);
  });
});
