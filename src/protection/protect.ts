import type { Send } from "../http/authorized.ts";
import type { Http } from "../http/client.ts";
import { readTold } from "../http/rate-headers.ts";
import type { SignIn } from "../http/sign-in.ts";
import type { Breaker } from "./breaker.ts";
import type { Limiter } from "./limiter.ts";
import { retrying } from "./retry.ts";

export interface Protection {
  readonly http: Http;
  readonly signIn: Pick<SignIn, "authorize">;
  readonly limiter: Limiter;
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
export function protect({ http, signIn, limiter, breaker, now, random }: Protection): Send {
  const limited: Send = (request, call) =>
    limiter.run(
      call,
      () => http.send(request, call.signal),
      (answer) => readTold(answer, now()),
    );
  return retrying(breaker.guard(signIn.authorize(limited)), { now, random });
}
