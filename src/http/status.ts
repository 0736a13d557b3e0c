import { Failure, type FailureSource } from "../failure.ts";
import type { HttpAnswer } from "./client.ts";

/** What the failure of an answer is told about. */
export interface Asked {
  readonly source: FailureSource;
  /** The call in the other side's words, without personal data: `POST /oauth/token`. */
  readonly what: string;
  /** Now, epoch ms: `Retry-After` may be a date. */
  readonly now: number;
}

/**
 * [pure] The typed failure of an answer whose status is not the one that was hoped for.
 * 408, 409, 429 and 5xx are retryable; 401 and 403 are the set-up's fault; any other is permanent,
 * for the same request would be refused again.
 */
export function failureOfStatus(answer: HttpAnswer, asked: Asked): Failure {
  const { status } = answer;
  const about = {
    source: asked.source,
    status,
    message: `${asked.what} answered ${status}`,
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], asked.now),
  };
  if (status === 401) {
    return new Failure({
      ...about,
      kind: "misconfigured",
      code: "unauthorized",
      cure: "A fresh token was refused too: check the client id, its secret and its scope.",
    });
  }
  if (status === 403) {
    return new Failure({
      ...about,
      kind: "misconfigured",
      code: "forbidden",
      cure: "The client lacks a role or permission for this call: see the set-up page.",
    });
  }
  if (status === 429 || (status === 503 && about.retryAfterMs !== undefined)) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: "throttled",
      cure: "Lower the request budget, or find out who else spends it.",
    });
  }
  if (status === 408 || status === 409) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: "conflict",
      cure: "Nothing: it is tried again.",
    });
  }
  if (status >= 500 || status < 400) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: status >= 500 ? "server_error" : "malformed_answer",
      cure: "Check the other side's status page, and that the address is the API's own.",
    });
  }
  return new Failure({
    ...about,
    kind: "permanent",
    code: "bad_request",
    cure: "The same request would be refused again: look at the event, then report it.",
  });
}

/**
 * [pure] `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined where it is missing or unreadable; never negative.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1000));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
