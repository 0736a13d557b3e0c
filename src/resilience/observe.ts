import type { Call } from "../domain/call.ts";
import { asFailure, type FailureSource } from "../domain/failure.ts";
import { elapsed, type MonotonicMs } from "../domain/time.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Http, HttpAnswer, HttpRequest } from "./http/client.ts";

interface ObserveDeps {
  readonly source: FailureSource;
  readonly report: Report;
  readonly monotonicNow: () => MonotonicMs;
}

/** Sends one request. `waitedMs`: how long it has waited for budget, for the report. */
export type ObservedSend = (
  request: HttpRequest,
  call: Call,
  waitedMs: number,
) => Promise<HttpAnswer>;

/** Sends requests and reports each as `api.called`: route, duration and outcome, never its data. */
export function observe(http: Http, { source, report, monotonicNow }: ObserveDeps): ObservedSend {
  return async (request, call, waitedMs) => {
    const sentAt = monotonicNow();
    const { method, path } = request;
    const about = {
      ...call.about,
      ...{ source, method, route: routeOf(path), waitedMs: Math.round(waitedMs) },
    };
    const tookMs = () => Math.round(elapsed(sentAt, monotonicNow()));
    try {
      const answer = await http.send(request, call.signal);
      report("api.called", { ...about, status: answer.status, tookMs: tookMs() });
      return answer;
    } catch (error) {
      report("api.called", { ...about, code: asFailure(error).code, tookMs: tookMs() });
      throw error;
    }
  };
}

/** A segment of a documented path: a word or a version. */
const WORD = /^(?:[A-Za-z]{1,40}|v?\d{1,3}(?:\.\d{1,3}){0,4})$/;

/** [pure] The path without query and data: each segment that is no word or version becomes `{id}`. */
function routeOf(path: string): string {
  const [plain = ""] = path.split("?");
  return plain
    .split("/")
    .map((part) => (part === "" || WORD.test(part) ? part : "{id}"))
    .join("/");
}
