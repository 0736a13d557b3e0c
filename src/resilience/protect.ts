import { type Clocks, elapsed } from "../domain/time.ts";
import type { Breaker } from "./breaker.ts";
import { readRateLimitInfo } from "./http/rate-headers.ts";
import type { Limiter } from "./limiter.ts";
import type { ObservedSend } from "./observe.ts";
import { retrying } from "./retry.ts";
import type { Send } from "./sign-in/authorized.ts";
import type { SignIn } from "./sign-in/sign-in.ts";

interface ProtectDeps {
  readonly send: ObservedSend;
  readonly signIn: Pick<SignIn, "authorize">;
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  readonly clocks: Clocks;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * The one place that fixes the order of protection. Each try passes the breaker, gets the token, waits
 * for budget, and is sent with its total time-out. The second request after a 401 takes its own slot,
 * so every request that is sent is counted.
 */
export function protect({ send, signIn, limiter, breaker, clocks, random }: ProtectDeps): Send {
  const { epochNow, monotonicNow } = clocks;
  const limited: Send = (request, call) => {
    const queuedAt = monotonicNow();
    return limiter.run(
      call,
      () => send(request, call, elapsed(queuedAt, monotonicNow())),
      (answer) => readRateLimitInfo(answer, epochNow()),
    );
  };
  return retrying(breaker.guard(signIn.authorize(limited)), { clocks, random });
}
