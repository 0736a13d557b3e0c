import Bottleneck from "bottleneck";
import { type Call, Priority } from "../domain/call.ts";
import type { FailureSource } from "../domain/failure.ts";
import type { MonotonicMs } from "../domain/time.ts";
import type { Budget, RateLimitInfo, Slot } from "./budget/budget.ts";
import { createRefill } from "./refill.ts";
import { abortedWait, createWaitingCalls, timeLeftMs } from "./waiting-calls.ts";

interface LimiterDeps {
  readonly source: FailureSource;
  /** The most calls at once. */
  readonly concurrency: number;
  readonly budget: Budget;
  readonly monotonicNow: () => MonotonicMs;
}

/** Decides in one process which call is sent next. */
export interface Limiter {
  /**
   * Sends when the budget has a slot, calls of higher priority first. `readInfo` reads the rate-limit
   * information from the result. A call spends nothing and fails at once if its signal is aborted, its
   * deadline passes, or the next slot is known to come after its deadline.
   * @throws {Failure} `aborted`, `throttled`, or what `send` throws.
   */
  run<T>(call: Call, send: () => Promise<T>, readInfo: (result: T) => RateLimitInfo): Promise<T>;
  /** The number of calls that wait. */
  readonly waiting: number;
  /**
   * Fails all waiting calls as `aborted`. Resolves when no call runs and no timer is left. It does not
   * close the budget.
   */
  close(): Promise<void>;
}

/**
 * Bottleneck is used as the queue only: it orders the waiting calls by priority and runs at most
 * `concurrency` of them. Its reservoir is the number of granted slots; its own rates, timers, retries
 * and Redis store are not used. Each of its steps takes a timer of about a millisecond, so a call that
 * need not wait bypasses it.
 */
export function createLimiter(deps: LimiterDeps): Limiter {
  const { source, concurrency, budget, monotonicNow } = deps;
  const queue = new Bottleneck({ maxConcurrent: concurrency, reservoir: 0 });
  const waiting = createWaitingCalls({ source, monotonicNow });
  /** Slots for jobs that begin in a moment: as many as the reservoir holds. */
  const granted: Slot[] = [];
  let running = 0;
  let isClosed = false;

  const refill = createRefill({
    budget,
    demand: () =>
      waiting.demand(granted.length, Math.max(0, concurrency - running - granted.length)),
    async granted(slots) {
      granted.push(...slots);
      await queue.incrementReservoir(slots.length);
    },
    postponed: (waitMs) => waiting.postpone(waitMs, granted.length),
  });

  async function sendWith<T>(
    slot: Slot,
    send: () => Promise<T>,
    readInfo: (result: T) => RateLimitInfo,
  ): Promise<T> {
    running += 1;
    try {
      const result = await send();
      budget.answered(slot, readInfo(result));
      return result;
    } catch (error) {
      budget.answered(slot, undefined);
      throw error;
    } finally {
      running -= 1;
      refill.start();
    }
  }

  /** A slot without a wait: no other call waits, a place is free, and this process owns the budget. */
  function slotNow(call: Call): Slot | undefined {
    const isQueued = waiting.size > granted.length;
    const isFull = running + granted.length >= concurrency;
    const isLate = timeLeftMs(call, monotonicNow()) <= 0;
    if (isQueued || isFull || isClosed || call.signal.aborted || isLate) return undefined;
    const live = call.priority <= Priority.live ? 1 : 0;
    return budget.takeNow({ live, other: 1 - live })?.slots[0];
  }

  function nextGranted(): Slot {
    const slot = granted.shift();
    if (slot === undefined) throw new TypeError("a queued call runs without a granted slot");
    return slot;
  }

  /** Gives the slot of a call that has left to the next waiting call, or back to the budget. */
  function passOn(slot: Slot): void {
    if (waiting.size > granted.length) {
      granted.push(slot);
      void queue.incrementReservoir(1);
      return;
    }
    budget.unused(slot);
  }

  return {
    run<T>(call: Call, send: () => Promise<T>, readInfo: (result: T) => RateLimitInfo): Promise<T> {
      const slot = slotNow(call);
      if (slot !== undefined) return sendWith(slot, send, readInfo);
      if (isClosed || call.signal.aborted) return Promise.reject(abortedWait(source));
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const waitingCall = waiting.add(call, reject);
      const job = async () => {
        const slot = nextGranted();
        if (waitingCall.begin()) await sendWith(slot, send, readInfo).then(resolve, reject);
        else passOn(slot);
      };
      // `close` drops the jobs of calls that have left.
      queue.schedule({ priority: call.priority }, job).catch(reject);
      refill.start();
      return promise;
    },
    get waiting() {
      return waiting.size;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      refill.stop();
      waiting.abort();
      await queue.stop({ dropWaitingJobs: true });
    },
  };
}
