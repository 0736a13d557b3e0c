import type { Send } from "../http/authorized.ts";
import type { Http } from "../http/client.ts";
import type { Limiter } from "./limiter.ts";

/**
 * The one place that fixes in which order a call is protected: budget, then the request with its
 * total deadline. Each request passes here by itself, so nothing is sent that was not counted.
 */
export function protect(http: Http, limiter: Limiter): Send {
  return (request, call) => limiter.run(call, () => http.send(request, call.signal));
}
