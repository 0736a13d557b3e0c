import type { Call } from "../domain/call.ts";
import { asFailure, type FailureSource } from "../domain/failure.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Http, HttpAnswer, HttpRequest } from "./http/client.ts";

export interface ObserveOptions {
  readonly source: FailureSource;
  readonly report: Report;
  readonly now: () => number;
}

/** Sends each request and reports how it went: what was asked, for how long, never with what. */
export function observe(http: Http, { source, report, now }: ObserveOptions) {
  return async (request: HttpRequest, call: Call, waitedMs: number): Promise<HttpAnswer> => {
    const begun = now();
    const asked = { source, method: request.method, route: routeOf(request.path), waitedMs };
    try {
      const answer = await http.send(request, call.signal);
      const { status } = answer;
      report("api.called", { ...call.about, ...asked, status, tookMs: now() - begun });
      return answer;
    } catch (error) {
      const { code } = asFailure(error);
      report("api.called", { ...call.about, ...asked, code, tookMs: now() - begun });
      throw error;
    }
  };
}

/** What a path is made of in the documentation of the three APIs: words, and versions. */
const WORD = /^(?:[A-Za-z]{1,40}|v?\d{1,3}(?:\.\d{1,3}){0,4})$/;

/** [pure] A request's path without its data: whatever is neither word nor version is an `{id}`. */
export function routeOf(path: string): string {
  const [plain = ""] = path.split("?");
  return plain
    .split("/")
    .map((part) => (part === "" || WORD.test(part) ? part : "{id}"))
    .join("/");
}
