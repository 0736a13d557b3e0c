import {
  CircuitState,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
} from "cockatiel";
import type { BreakerState } from "../domain/api-state.ts";
import { asFailure, Failure, type FailureSource } from "../domain/failure.ts";
import { after, type Clocks, elapsed, type MonotonicMs } from "../domain/time.ts";
import type { HttpAnswer, HttpRequest } from "./http/client.ts";
import { failureOfStatus, isThrottled, type RequestInfo } from "./http/status.ts";
import type { Send } from "./sign-in/authorized.ts";

/** What a breaker reports of itself. */
export type BreakerEvent =
  | { readonly to: "open"; readonly because: Failure; readonly forMs: number }
  | { readonly to: "probing" }
  | { readonly to: "closed"; readonly afterMs: number };

export interface BreakerOptions {
  readonly source: FailureSource;
  readonly clocks: Clocks;
  readonly report: (event: BreakerEvent) => void;
}

export interface Breaker {
  /** Lets requests through, or fails at once where the other side is known to be in trouble. */
  guard(send: Send): Send;
  state(): BreakerState;
}

/** Failures one after another, with no answer that is worth anything in between. */
const OPENS_AFTER = 5;
/** One request in 15 s harms nobody, and each second that an outage seems longer costs conversations. */
const OUTAGE = { firstMs: 5_000, longestMs: 15_000 };
/** Somebody has to mend the set-up, and refused logins may lock an account. */
const MISCONFIGURED = { firstMs: 60_000, longestMs: 300_000 };

type Outcome =
  | { readonly health: "well"; readonly answer: HttpAnswer }
  | {
      readonly health: "ill" | "called off";
      readonly failure: Failure;
      readonly answer?: HttpAnswer;
    };

/**
 * Opens after failures in a row, or at once on a misconfiguration. When its time is over, one
 * request goes through as a probe; the others still fail at once until its answer is there.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { source, report } = options;
  const { epochNow, monotonicNow } = options.clocks;
  let inARow = 0;
  let opensNow = false;
  let openedAt: MonotonicMs | undefined;
  let opensAgainAt: MonotonicMs | undefined;
  let because: Failure | undefined;

  const policy = circuitBreaker(
    handleWhenResult((result) => (result as Outcome).health !== "well"),
    {
      breaker: {
        state: undefined,
        success() {},
        failure: () => opensNow || inARow >= OPENS_AFTER,
      },
      halfOpenAfter: { next: (context) => openFor(context, undefined) },
    },
  );
  policy.onHalfOpen(() => report({ to: "probing" }));
  policy.onReset(() => {
    because = undefined;
    report({
      to: "closed",
      afterMs: openedAt === undefined ? 0 : elapsed(openedAt, monotonicNow()),
    });
  });
  policy.onBreak(() => {
    const forMs = openForMs();
    if (because !== undefined && forMs > 0) report({ to: "open", because, forMs });
  });

  function openForMs(): number {
    return opensAgainAt === undefined ? 0 : Math.max(0, elapsed(monotonicNow(), opensAgainAt));
  }

  /** A probe that was called off says nothing: the next one may go at once. */
  function openFor(
    { result, attempt }: IHalfOpenAfterBackoffContext,
    before: number | undefined,
  ): IBackoff<IHalfOpenAfterBackoffContext> {
    const outcome = "value" in result ? (result.value as Outcome) : undefined;
    const failure = outcome?.health === "ill" ? outcome.failure : undefined;
    if (failure !== undefined) because = failure;
    const { firstMs, longestMs } = failure?.kind === "misconfigured" ? MISCONFIGURED : OUTAGE;
    const growing = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 10));
    const duration = failure === undefined ? 0 : growing;
    if (before === undefined) openedAt = monotonicNow();
    opensAgainAt = after(monotonicNow(), duration);
    return { duration, next: (context) => openFor(context, duration) };
  }

  function judge(outcome: Outcome): Outcome {
    if (outcome.health === "well") {
      inARow = 0;
      opensNow = false;
    } else if (outcome.health === "ill") {
      inARow += 1;
      opensNow = outcome.failure.kind === "misconfigured";
    }
    return outcome;
  }

  function notAsked(): Failure {
    const name = source === "oracle" ? "Oracle" : "Genesys Cloud";
    return new Failure({
      kind: because?.kind === "misconfigured" ? "misconfigured" : "retryable",
      code: "circuit_open",
      source,
      message: `${name} was not asked: ${because?.message ?? "it has failed"}`,
      cure: because?.cure ?? "Nothing: it is probed again in a while.",
      retryAfterMs: openForMs(),
    });
  }

  return {
    guard: (send) => async (request, call) => {
      const { state } = policy;
      // Two clocks: the policy's own must agree before a probe is let through.
      const resting = state === CircuitState.Open && openForMs() > 0;
      if (state === CircuitState.HalfOpen || resting) throw notAsked();
      const outcome = await policy
        .execute(async () => {
          const tried = await send(request, call).then(
            (answer) => healthOf(answer, { source, what: nameOf(request), now: epochNow() }),
            healthOfFailure,
          );
          return judge(tried);
        })
        .catch(() => {
          throw notAsked();
        });
      if (outcome.answer !== undefined) return outcome.answer;
      throw outcome.health === "well" ? notAsked() : outcome.failure;
    },
    state() {
      const state =
        policy.state === CircuitState.Closed
          ? "closed"
          : policy.state === CircuitState.HalfOpen
            ? "probing"
            : "open";
      return { state, ...(because === undefined ? {} : { code: because.code }) };
    },
  };
}

/** 401 (after a renewal), 403 and 5xx count; a 429 is the limiter's concern, a 404 an answer. */
function healthOf(answer: HttpAnswer, asked: RequestInfo): Outcome {
  const { status } = answer;
  if (isThrottled(answer) || (status < 500 && status !== 401 && status !== 403)) {
    return { health: "well", answer };
  }
  return { health: "ill", failure: failureOfStatus(answer, asked), answer };
}

/** Without the query: it may hold a customer's number. */
function nameOf({ method, path }: HttpRequest): string {
  return `${method} ${path.split("?")[0]}`;
}

function healthOfFailure(error: unknown): Outcome {
  const failure = asFailure(error);
  const ofOurs = failure.code === "aborted" || failure.code === "throttled";
  return { health: ofOurs ? "called off" : "ill", failure };
}
