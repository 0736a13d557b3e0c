import { type Call, Priority } from "../domain/call.ts";
import { Failure, type FailureSource } from "../domain/failure.ts";
import { elapsed, type MonotonicMs } from "../domain/time.ts";
import type { SlotDemand } from "./budget/leases.ts";
import { abortedFailure } from "./http/client.ts";

interface WaitingCallsDeps {
  readonly source: FailureSource;
  readonly monotonicNow: () => MonotonicMs;
}

interface WaitingCall {
  /** Ends the wait for a slot. Returns false if the call has left before. */
  begin(): boolean;
}

/** The calls that wait for slots. `granted`: the slots on their way to the first of them, by priority. */
interface WaitingCalls {
  readonly size: number;
  /** Adds a call. It leaves when it is aborted and at its deadline; `left` gets the failure. */
  add(call: Call, left: (failure: Failure) => void): WaitingCall;
  /** The slots that the calls without one need, at most `places`. */
  demand(granted: number, places: number): SlotDemand;
  /** No further slot comes before `waitMs`: calls without one leave if their deadline is earlier. */
  postpone(waitMs: number, granted: number): void;
  /** Lets every call leave as aborted. */
  abort(): void;
}

interface Entry {
  readonly call: Call;
  leave(failure: Failure): void;
}

/** The longest delay of a timer in Node. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Until the deadline of a call, in ms; `Infinity` without one. */
export function timeLeftMs({ deadline }: Call, now: MonotonicMs): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : elapsed(now, deadline);
}

export function createWaitingCalls({ source, monotonicNow }: WaitingCallsDeps): WaitingCalls {
  const entries = new Set<Entry>();

  function leaveAtDeadline(entry: Entry): NodeJS.Timeout | undefined {
    const leftMs = timeLeftMs(entry.call, monotonicNow());
    if (leftMs === Number.POSITIVE_INFINITY) return undefined;
    const delayMs = Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS);
    return setTimeout(() => entry.leave(waitTooLong(source, undefined)), delayMs);
  }

  return {
    get size() {
      return entries.size;
    },
    add(call, left) {
      const entry: Entry = {
        call,
        leave(failure) {
          if (end()) left(failure);
        },
      };
      const onAbort = () => entry.leave(abortedWait(source));
      const end = () => {
        clearTimeout(timer);
        call.signal.removeEventListener("abort", onAbort);
        return entries.delete(entry);
      };
      entries.add(entry);
      const timer = leaveAtDeadline(entry);
      call.signal.addEventListener("abort", onAbort, { once: true });
      return { begin: end };
    },
    demand(granted, places) {
      const allLive = [...entries].filter(({ call }) => call.priority <= Priority.live).length;
      const live = Math.min(places, Math.max(0, allLive - granted));
      const all = Math.min(places, Math.max(0, entries.size - granted));
      return { live, other: all - live };
    },
    postpone(waitMs, granted) {
      const unserved = [...entries]
        .toSorted((a, b) => a.call.priority - b.call.priority)
        .slice(granted);
      for (const { call, leave } of unserved) {
        if (timeLeftMs(call, monotonicNow()) < waitMs) leave(waitTooLong(source, waitMs));
      }
    },
    abort() {
      for (const { leave } of entries) leave(abortedWait(source));
    },
  };
}

export function abortedWait(source: FailureSource): Failure {
  return abortedFailure(source, "waiting for budget");
}

function waitTooLong(source: FailureSource, waitMs: number | undefined): Failure {
  const known =
    waitMs === undefined ? "" : `: the next request can be sent in ${Math.ceil(waitMs)} ms`;
  return new Failure({
    kind: "retryable",
    code: "throttled",
    source,
    message: `the wait for request budget would end after the call's deadline${known}`,
    cure: "Nothing, if it is rare: the message waits in the queue. If it is frequent, raise the request budget.",
    retryAfterMs: waitMs,
  });
}
