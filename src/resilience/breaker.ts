import type { BreakerStatus } from "../domain/api-state.ts";
import { asFailure, Failure, type FailureSource } from "../domain/failure.ts";
import type { Clocks, MonotonicMs } from "../domain/time.ts";
import {
  admit,
  type BreakerEvent,
  type BreakerState,
  CLOSED,
  eventOf,
  type Open,
  onAnswer,
  onCancelled,
  onFailure,
  openForMs,
  type Passage,
  type Probing,
} from "./breaker-state.ts";
import type { HttpAnswer, HttpRequest } from "./http/client.ts";
import { failureOfStatus, isThrottled, type RequestInfo } from "./http/status.ts";
import type { Send } from "./sign-in/authorized.ts";

interface BreakerDeps {
  readonly source: FailureSource;
  readonly clocks: Clocks;
  readonly report: (event: BreakerEvent) => void;
}

export interface Breaker {
  /**
   * Passes calls on to `send`.
   * @returns as `send`, but fails at once with `circuit_open` while the breaker lets no call pass.
   */
  guard(send: Send): Send;
  state(): BreakerStatus;
}

/** What one call says about the health of the API. */
type Health =
  | { readonly is: "good" }
  | { readonly is: "failed"; readonly because: Failure }
  /** The call ended for a reason of our own. */
  | { readonly is: "unknown" };

/**
 * The breaker of one API. It opens after failures in a row, or at once on a misconfiguration. After a
 * while one call passes as a probe, and its result decides (`breaker-state.ts`).
 */
export function createBreaker({ source, clocks, report }: BreakerDeps): Breaker {
  const { epochNow, monotonicNow } = clocks;
  let state: BreakerState = CLOSED;

  function become(next: BreakerState, at: MonotonicMs): void {
    const event = eventOf(state, next, at);
    state = next;
    if (event !== undefined) report(event);
  }

  /** @throws {Failure} `circuit_open` if no call may pass. */
  function pass(): Passage {
    const at = monotonicNow();
    const admission = admit(state, at);
    if (admission.passes === false) {
      throw circuitOpen(source, admission.state, openForMs(admission.state, at));
    }
    become(admission.state, at);
    return admission.passes;
  }

  function learn(health: Health, passage: Passage): void {
    const at = monotonicNow();
    become(stateAfter(state, passage, health, at), at);
  }

  return {
    guard: (send) => async (request, call) => {
      const passage = pass();
      try {
        const answer = await send(request, call);
        const about: RequestInfo = { source, what: nameOf(request), now: epochNow() };
        learn(healthOf(answer, about), passage);
        return answer;
      } catch (error) {
        const failure = asFailure(error);
        learn(healthOfFailure(failure), passage);
        throw failure;
      }
    },
    state: () =>
      state.name === "closed"
        ? { state: "closed" }
        : { state: state.name, code: state.because.code },
  };
}

function stateAfter(
  state: BreakerState,
  passage: Passage,
  health: Health,
  at: MonotonicMs,
): BreakerState {
  switch (health.is) {
    case "good":
      return onAnswer(state, passage);
    case "failed":
      return onFailure(state, passage, health.because, at);
    case "unknown":
      return onCancelled(state, passage, at);
  }
}

/** 401 (after a renewal), 403 and 5xx are failures. The limiter handles a 429; a 404 is an answer. */
function healthOf(answer: HttpAnswer, about: RequestInfo): Health {
  const { status } = answer;
  const isGood = isThrottled(answer) || (status < 500 && status !== 401 && status !== 403);
  return isGood ? { is: "good" } : { is: "failed", because: failureOfStatus(answer, about) };
}

function healthOfFailure(failure: Failure): Health {
  const isOurs = failure.code === "aborted" || failure.code === "throttled";
  return isOurs ? { is: "unknown" } : { is: "failed", because: failure };
}

/** Without the query: it may hold a customer's number. */
function nameOf({ method, path }: HttpRequest): string {
  return `${method} ${path.split("?")[0]}`;
}

function circuitOpen(
  source: FailureSource,
  { because }: Open | Probing,
  retryAfterMs: number,
): Failure {
  const name = source === "oracle" ? "Oracle" : "Genesys Cloud";
  return new Failure({
    kind: because.kind === "misconfigured" ? "misconfigured" : "retryable",
    code: "circuit_open",
    source,
    message: `${name} was not called, its circuit breaker is open: ${because.message}`,
    cure: because.cure,
    retryAfterMs: Math.ceil(retryAfterMs),
  });
}
