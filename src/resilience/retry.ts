import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../domain/call.ts";
import type { Failure } from "../domain/failure.ts";
import { asFailure } from "../domain/failure.ts";
import { after, type Clocks } from "../domain/time.ts";
import { backoffMs } from "./backoff.ts";
import { abortedFailure, type HttpAnswer } from "./http/client.ts";
import { isPassing, waitAskedMs } from "./http/status.ts";
import type { Send } from "./sign-in/authorized.ts";

export interface RetryOptions {
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Oracle's own advice for throttled calls: at most three retries, after 1, 2 and 4 s, with jitter. Two are
 * what a ringing call can wait for. */
const TRIES = 3;
const BACKOFF = { firstMs: 1_000, longestMs: 4_000 };
/** One time-out is as much as a conversation can wait for here. */
const TRIED_ONCE = ["timeout", "aborted", "throttled", "circuit_open"];

type Tried = { readonly answer: HttpAnswer } | { readonly failure: Failure };

/**
 * The one place that tries again. Each try takes its own place in the budget. All that is sent may
 * be repeated: the PATCH sets the same attributes again, the searches only read. Where the wait
 * would go beyond the call's deadline, the outcome at hand is the outcome: the queue waits then.
 * @throws {Failure} of the last try.
 */
export function retrying(send: Send, options: RetryOptions): Send {
  return async (request, call) => {
    for (let attempt = 1; ; attempt += 1) {
      const tried: Tried = await send(request, call).then(
        (answer) => ({ answer }),
        (error) => ({ failure: asFailure(error) }),
      );
      const waitMs = attempt < TRIES ? waitBefore(tried, attempt, options) : undefined;
      if (waitMs === undefined || isTooLate(call, waitMs, options.clocks)) {
        if ("failure" in tried) throw tried.failure;
        return tried.answer;
      }
      await sleep(waitMs, undefined, { signal: call.signal }).catch(() => {
        throw abortedFailure(
          "failure" in tried ? tried.failure.source : "worker",
          "waiting to retry",
        );
      });
    }
  };
}

function isTooLate({ deadline }: Call, waitMs: number, { monotonicNow }: Clocks): boolean {
  return deadline !== undefined && after(monotonicNow(), waitMs) >= deadline;
}

/** How long to wait before the next try, in ms; undefined where there is to be none. */
function waitBefore(
  tried: Tried,
  attempt: number,
  { clocks, random }: RetryOptions,
): number | undefined {
  if ("answer" in tried) {
    if (!isPassing(tried.answer.status)) return undefined;
    return backoffMs(attempt, random(), BACKOFF, waitAskedMs(tried.answer, clocks.epochNow()));
  }
  const { failure } = tried;
  if (failure.kind !== "retryable" || TRIED_ONCE.includes(failure.code)) return undefined;
  // A connection that was kept alive and closed at the other end meanwhile: nothing was wrong.
  if (attempt === 1 && failure.errno === "ECONNRESET") return 0;
  return backoffMs(attempt, random(), BACKOFF, failure.retryAfterMs);
}
