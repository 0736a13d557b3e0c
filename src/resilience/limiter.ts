import Bottleneck from "bottleneck";
import { type Call, Priority } from "../domain/call.ts";
import { Failure, type FailureSource } from "../domain/failure.ts";
import { elapsed, type MonotonicMs } from "../domain/time.ts";
import type { Budget, RateLimitInfo, Slot } from "./budget/budget.ts";
import type { SlotDemand } from "./budget/leases.ts";
import { abortedFailure } from "./http/client.ts";

export interface LimiterOptions {
  readonly source: FailureSource;
  /** How many calls at once at most. */
  readonly concurrency: number;
  readonly budget: Budget;
  readonly monotonicNow: () => MonotonicMs;
}

/** Who may send next, in one process. */
export interface Limiter {
  /**
   * Runs `work` when there is budget for it, higher priorities first. A call whose signal is
   * aborted, whose deadline comes, or who would have to wait beyond it, leaves at once and spends
   * nothing. `told` reads from the result what the other side tells of the budget.
   * @throws {Failure} `aborted`, `throttled`, or what `work` throws.
   */
  run<T>(call: Call, work: () => Promise<T>, told: (result: T) => RateLimitInfo): Promise<T>;
  /** Calls that wait. */
  readonly waiting: number;
  /**
   * Serves nobody any more; the budget is closed by its owner. Resolves when what runs has ended and
   * no timer is left.
   */
  close(): Promise<void>;
}

interface Waiter {
  readonly priority: Priority;
  readonly deadline?: MonotonicMs | undefined;
  leave(failure: Failure): void;
}

/** The longest time that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Bottleneck is the queue: priorities and concurrency. It costs each job some milliseconds of waiting for
 * timers, so who need not wait does not join it. Its reservoir holds the slots that the budget has
 * granted to calls that wait, and nothing else: no refresh, no `updateSettings`, no retry.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { source, concurrency, budget, monotonicNow } = options;
  const queue = new Bottleneck({ maxConcurrent: concurrency, reservoir: 0 });
  const waiting = new Set<Waiter>();
  /** Granted, and in the reservoir: as many as jobs that will begin in a moment. */
  const granted: Slot[] = [];
  let running = 0;
  let filling = false;
  let fillAgain = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function wanted(): SlotDemand {
    const room = Math.max(0, concurrency - running - granted.length);
    const liveWaiting = [...waiting].filter(({ priority }) => priority <= Priority.live).length;
    const live = Math.min(room, Math.max(0, liveWaiting - granted.length));
    const all = Math.min(room, Math.max(0, waiting.size - granted.length));
    return { live, other: all - live };
  }

  async function fill(): Promise<void> {
    if (filling) {
      fillAgain = true;
      return;
    }
    filling = true;
    try {
      do fillAgain = false;
      while (!closed && ((await fillOnce()) || fillAgain));
    } finally {
      filling = false;
    }
  }

  /** Returns whether there may be more to be had at once. */
  async function fillOnce(): Promise<boolean> {
    clearTimeout(timer);
    const asked = wanted();
    if (asked.live + asked.other === 0) return false;
    const { slots, againInMs } = await budget.take(asked);
    if (slots.length > 0) {
      granted.push(...slots);
      await queue.incrementReservoir(slots.length);
      return true;
    }
    if (closed || againInMs === Number.POSITIVE_INFINITY) return false;
    for (const waiter of unserved()) {
      if (leftMs(waiter) < againInMs) waiter.leave(tooLong(source, againInMs));
    }
    timer = setTimeout(() => void fill(), Math.min(Math.max(1, againInMs), LONGEST_TIMER_MS));
    return false;
  }

  /** Until the deadline, in ms; `Infinity` without one. */
  function leftMs({ deadline }: Call | Waiter): number {
    return deadline === undefined ? Number.POSITIVE_INFINITY : elapsed(monotonicNow(), deadline);
  }

  /** Those who wait and for whom no slot is on its way. */
  function unserved(): readonly Waiter[] {
    return [...waiting].toSorted((a, b) => a.priority - b.priority).slice(granted.length);
  }

  function spend<T>(
    waiter: Waiter,
    work: () => Promise<T>,
    told: (result: T) => RateLimitInfo,
  ): Promise<T | undefined> {
    const slot = granted.shift();
    if (slot === undefined) throw new TypeError("the limiter has counted its slots wrongly");
    if (!waiting.delete(waiter)) {
      passOn(slot);
      return Promise.resolve(undefined);
    }
    return sendWith(slot, work, told);
  }

  async function sendWith<T>(
    slot: Slot,
    work: () => Promise<T>,
    told: (result: T) => RateLimitInfo,
  ): Promise<T> {
    running += 1;
    try {
      const result = await work();
      budget.answered(slot, told(result));
      return result;
    } catch (error) {
      budget.answered(slot, undefined);
      throw error;
    } finally {
      running -= 1;
      void fill();
    }
  }

  /** A slot with no wait: nobody else waits for one, there is a place, and the budget is our own. */
  function slotNow(call: Call): Slot | undefined {
    const { signal, priority } = call;
    const inLine = waiting.size > granted.length;
    const isFull = running + granted.length >= concurrency;
    if (inLine || isFull || closed || signal.aborted || leftMs(call) <= 0) return undefined;
    const live = priority <= Priority.live ? 1 : 0;
    return budget.takeNow({ live, other: 1 - live })?.slots[0];
  }

  /** The slot of a call that has left: to the next one who waits, or back. */
  function passOn(slot: Slot): void {
    if (waiting.size > granted.length) {
      granted.push(slot);
      void queue.incrementReservoir(1);
      return;
    }
    budget.unused(slot);
  }

  return {
    run<T>(call: Call, work: () => Promise<T>, told: (result: T) => RateLimitInfo): Promise<T> {
      const slot = slotNow(call);
      if (slot !== undefined) return sendWith(slot, work, told);
      const left = Promise.withResolvers<T>();
      const waiter: Waiter = {
        priority: call.priority,
        deadline: call.deadline,
        leave(failure) {
          if (!waiting.delete(waiter)) return;
          stopWaiting();
          left.reject(failure);
        },
      };
      const onAbort = () => waiter.leave(abortedFailure(source, "waiting for budget"));
      const leaveInMs = Math.min(Math.max(0, leftMs(call)), LONGEST_TIMER_MS);
      const late =
        call.deadline === undefined
          ? undefined
          : setTimeout(() => waiter.leave(tooLong(source, undefined)), leaveInMs);
      const stopWaiting = () => {
        clearTimeout(late);
        call.signal.removeEventListener("abort", onAbort);
      };
      waiting.add(waiter);
      call.signal.addEventListener("abort", onAbort, { once: true });
      if (call.signal.aborted || closed) onAbort();
      if (!waiting.has(waiter)) return left.promise;
      queue
        .schedule({ priority: call.priority }, () =>
          spend(
            waiter,
            () => {
              stopWaiting();
              return work();
            },
            told,
          ),
        )
        // A job of a caller who has left resolves with nothing, to a promise that is settled.
        .then((result) => left.resolve(result as T), left.reject);
      void fill();
      return left.promise;
    },
    get waiting() {
      return waiting.size;
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      for (const waiter of waiting) waiter.leave(abortedFailure(source, "waiting for budget"));
      await queue.stop({ dropWaitingJobs: true });
    },
  };
}

function tooLong(source: FailureSource, waitMs: number | undefined): Failure {
  const known =
    waitMs === undefined ? "" : `: the next request may be made in ${Math.ceil(waitMs)} ms`;
  return new Failure({
    kind: "retryable",
    code: "throttled",
    source,
    message: `the wait for budget is longer than the conversation can use${known}`,
    cure: "Nothing, where it is rare: the queue waits. Else the budget is too small for the load.",
    retryAfterMs: waitMs,
  });
}
