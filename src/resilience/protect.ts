import type { FailureSource } from "../domain/failure.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Breaker } from "./breaker.ts";
import type { Http } from "./http/client.ts";
import { readRateLimitInfo } from "./http/rate-headers.ts";
import type { Limiter } from "./limiter.ts";
import { observe } from "./observe.ts";
import { retrying } from "./retry.ts";
import type { Send } from "./sign-in/authorized.ts";
import type { SignIn } from "./sign-in/sign-in.ts";

export interface ProtectDeps {
  readonly http: Http;
  readonly signIn: Pick<SignIn, "authorize">;
  readonly limiter: Limiter;
  readonly source: FailureSource;
  readonly report: Report;
  readonly breaker: Breaker;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * The one place that fixes in which order a call is protected: tries, each of which passes the
 * breaker, then takes the token, then waits for budget, then is sent with its total deadline. The
 * second request after a 401 takes its own place in the budget, so nothing is sent that was not
 * counted.
 */
export function protect(protection: ProtectDeps): Send {
  const { http, signIn, limiter, breaker, now, random } = protection;
  const observed = observe(http, protection);
  const limited: Send = (request, call) => {
    const askedAt = now();
    return limiter.run(
      call,
      () => observed(request, call, now() - askedAt),
      (answer) => readRateLimitInfo(answer, now()),
    );
  };
  return retrying(breaker.guard(signIn.authorize(limited)), { now, random });
}
