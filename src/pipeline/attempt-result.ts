import type { AcknowledgeReason } from "../domain/conversation/acknowledge-reason.ts";
import { hasEnded } from "../domain/conversation/session.ts";
import type { Failure } from "../domain/failure.ts";
import { after, type EpochMs, elapsed, type MonotonicMs } from "../domain/time.ts";
import { type NextAttempt, planNextAttempt } from "./next-attempt.ts";
import { owingUnavailable, retryOf, type WorkItem } from "./work-item.ts";

/** Why an attempt was aborted. */
export type AbortReason = "conversation_ended" | "draining";

/** The result of one attempt. */
export type AttemptResult =
  | { readonly kind: "written" }
  /** Nothing is left to do. */
  | { readonly kind: "unneeded"; readonly because: AcknowledgeReason }
  /** In the fleet, another message owns the session; its worker may yet be killed. */
  | { readonly kind: "owned_elsewhere" }
  /** An agent has answered, and conversations wait whose agents have not: those come first. */
  | { readonly kind: "yielded" }
  /** `unavailable` was written, or could not be written: the next attempt is due as planned. */
  | { readonly kind: "unavailable_handled" }
  | { readonly kind: "aborted"; readonly because: AbortReason }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Why the enrichment of a message ends without a result that could help. */
type ExpiryCode = "conversation_ended" | "retries_ended" | "too_old";

/** What becomes of a work item and its message. */
export type Settlement =
  /** The event is recorded as handled; the message is deleted. */
  | { readonly kind: "handled" }
  /** As `handled`; nobody can use the history any more. */
  | { readonly kind: "expired"; readonly code: ExpiryCode; readonly reason: string }
  /** The message is deleted; the event is not recorded: a duplicate may still own it. */
  | { readonly kind: "acknowledged"; readonly because: AcknowledgeReason }
  | { readonly kind: "dead_letter"; readonly failure: Failure }
  /** Back to the backlog. */
  | {
      readonly kind: "waiting";
      readonly item: WorkItem;
      readonly because: "retry" | "yielded";
      readonly failed?: FailedPlan;
    }
  | Requeued;

/** Back to the queue. */
export type Requeued =
  | {
      readonly kind: "requeued";
      readonly delayMs: number;
      readonly because: "retry";
      /** How many attempts have failed. */
      readonly attempts: number;
      readonly failed?: FailedPlan;
    }
  | {
      readonly kind: "requeued";
      readonly delayMs: number;
      readonly because: "draining" | "owned_elsewhere" | "backlog_full";
    };

/** The failure of the attempt that has just ended, and the wait before the next one. */
export interface FailedPlan {
  readonly failure: Failure;
  readonly waitMs: number;
}

/** The moment of a settlement, and a random number in [0, 1). */
export interface SettleAt {
  /** By the clock of events and queue. */
  readonly eventNow: EpochMs;
  readonly monotonicNow: MonotonicMs;
  readonly random: number;
}

/** When a message is received again that another worker's message owns: by then that one is settled. */
export const OWNED_ELSEWHERE_MS = 15_000;

const LEFT = "the customer left before the history was written";
/** [pure] The settlement of a conversation that is too old for its medium. */
export const TOO_OLD: Settlement = {
  kind: "expired",
  code: "too_old",
  reason: "it is too old for its kind of conversation",
};
/** [pure] The settlement of a conversation that has ended. */
export const ENDED: Settlement = { kind: "expired", code: "conversation_ended", reason: LEFT };
/** [pure] The settlement of an item that a stopping worker has not finished. */
export const DRAINED: Settlement = { kind: "requeued", delayMs: 0, because: "draining" };

/** [pure] What becomes of an item after an attempt. The type of the result decides. */
export function settlementOf(item: WorkItem, result: AttemptResult, at: SettleAt): Settlement {
  switch (result.kind) {
    case "written":
      return { kind: "handled" };
    case "unneeded":
      return { kind: "acknowledged", because: result.because };
    case "owned_elsewhere":
      return { kind: "requeued", delayMs: OWNED_ELSEWHERE_MS, because: "owned_elsewhere" };
    case "yielded":
      return { kind: "waiting", item, because: "yielded" };
    case "unavailable_handled":
      return afterUnavailable(item, at);
    case "aborted":
      return result.because === "draining" ? DRAINED : ENDED;
    case "failed":
      return afterFailure(item, result.failure, at);
  }
}

/** The next attempt, as it was planned when the last one failed. */
function afterUnavailable(item: WorkItem, at: SettleAt): Settlement {
  const { state } = item;
  if (state.kind !== "owes_unavailable") return DRAINED;
  return planned(item, state.failure, state.next, state.notBefore, at);
}

function afterFailure(item: WorkItem, failure: Failure, at: SettleAt): Settlement {
  const { attempt, event, message, mediaType, session } = item;
  // Genesys forgets an ended conversation: a 404 after the end is no refusal.
  if (failure.status === 404 && hasEnded(session)) return ENDED;
  if (failure.kind === "permanent") return { kind: "dead_letter", failure };
  const { sentAt } = message;
  const { eventNow: now, random, monotonicNow } = at;
  const next = planNextAttempt({ failure, attempt, mediaType, sentAt, now, random });
  if (next === undefined) {
    return { kind: "expired", code: "retries_ended", reason: failure.message };
  }
  const failed = { failure, waitMs: next.waitMs };
  // A key that came later does not know what was written before a restart.
  const isStart = event.type === "customerStart";
  if (failure.source === "oracle" && isStart && session.written === undefined) {
    const owing = owingUnavailable(item, failure, next, monotonicNow);
    return { kind: "waiting", item: owing, because: "retry", failed };
  }
  return { ...planned(item, failure, next, after(monotonicNow, next.waitMs), at), failed };
}

function planned(
  item: WorkItem,
  failure: Failure,
  { where, attempt }: NextAttempt,
  notBefore: MonotonicMs,
  { monotonicNow }: SettleAt,
): Extract<Settlement, { readonly because: "retry" | "yielded" }> {
  if (where === "queue") {
    const delayMs = Math.max(0, Math.round(elapsed(monotonicNow, notBefore)));
    return { kind: "requeued", delayMs, because: "retry", attempts: attempt - 1 };
  }
  return { kind: "waiting", item: retryOf(item, attempt, failure, notBefore), because: "retry" };
}
