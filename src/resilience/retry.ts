import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../domain/call.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import { after, type Clocks } from "../domain/time.ts";
import { backoffMs } from "./backoff.ts";
import { abortedFailure, type HttpAnswer } from "./http/client.ts";
import { isTransient, requestedWaitMs } from "./http/status.ts";
import type { Send } from "./sign-in/authorized.ts";

interface RetryDeps {
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Oracle advises at most three retries of throttled calls, after 1, 2 and 4 s, with jitter. A ringing
 * call has time for two.
 */
const MOST_TRIES = 3;
const BACKOFF = { firstMs: 1_000, longestMs: 4_000 };
/** After one of these, a retry would come too late or fail alike. */
const NOT_RETRIED = ["timeout", "aborted", "throttled", "circuit_open"];

type Outcome = { readonly answer: HttpAnswer } | { readonly failure: Failure };

/**
 * The one place that retries. Each try takes its own slot of the budget. Every request may be repeated:
 * the PATCH sets the same attributes again, and searches only read. If the wait for the next try would
 * end after the call's deadline, the outcome of the last try is returned or thrown.
 * @throws {Failure} of the last try, or `aborted`.
 */
export function retrying(send: Send, deps: RetryDeps): Send {
  return async (request, call) => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome: Outcome = await send(request, call).then(
        (answer) => ({ answer }),
        (error) => ({ failure: asFailure(error) }),
      );
      const waitMs = attempt < MOST_TRIES ? waitBeforeRetry(outcome, attempt, deps) : undefined;
      if (waitMs === undefined || isTooLate(call, waitMs, deps.clocks)) {
        if ("failure" in outcome) throw outcome.failure;
        return outcome.answer;
      }
      await sleep(waitMs, undefined, { signal: call.signal }).catch(() => {
        const source = "failure" in outcome ? outcome.failure.source : "worker";
        throw abortedFailure(source, "waiting to retry");
      });
    }
  };
}

function isTooLate({ deadline }: Call, waitMs: number, { monotonicNow }: Clocks): boolean {
  return deadline !== undefined && after(monotonicNow(), waitMs) >= deadline;
}

/** In ms; undefined if the outcome is not retried. */
function waitBeforeRetry(
  outcome: Outcome,
  attempt: number,
  { clocks, random }: RetryDeps,
): number | undefined {
  if ("answer" in outcome) {
    const { answer } = outcome;
    if (!isTransient(answer.status)) return undefined;
    return backoffMs(attempt, random(), BACKOFF, requestedWaitMs(answer, clocks.epochNow()));
  }
  const { failure } = outcome;
  if (failure.kind !== "retryable" || NOT_RETRIED.includes(failure.code)) return undefined;
  // The other side has closed an idle connection: the request itself was fine.
  if (attempt === 1 && failure.errno === "ECONNRESET") return 0;
  return backoffMs(attempt, random(), BACKOFF, failure.retryAfterMs);
}
