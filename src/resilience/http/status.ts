import { Failure, type FailureSource } from "../../domain/failure.ts";
import { type EpochMs, elapsed, epochMs } from "../../domain/time.ts";
import type { HttpAnswer } from "./client.ts";

/** The request of an answer, for its failure. */
export interface RequestInfo {
  readonly source: FailureSource;
  /** Method and path as the API documents them, without personal data: `POST /oauth/token`. */
  readonly what: string;
  /** When the answer came: `Retry-After` may be a date. */
  readonly now: EpochMs;
}

/**
 * [pure] The failure of an answer with an unexpected status. 408, 409, 429, 5xx and a status below 400
 * are `retryable`, 401 and 403 `misconfigured`; any other is `permanent`, because the same request would
 * be refused again.
 */
export function failureOfStatus(answer: HttpAnswer, request: RequestInfo): Failure {
  const { status } = answer;
  const about = {
    source: request.source,
    status,
    message: `${request.what} answered ${status}`,
    retryAfterMs: requestedWaitMs(answer, request.now),
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
  if (isThrottled(answer)) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: "throttled",
      cure: "Lower the request budget, or find the other programs that spend it.",
    });
  }
  if (status === 408 || status === 409) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: "conflict",
      cure: "Nothing: the request is retried.",
    });
  }
  if (status >= 500 || status < 400) {
    return new Failure({
      ...about,
      kind: "retryable",
      code: status >= 500 ? "server_error" : "malformed_answer",
      cure: "Check the provider's status page, and that the address is the API's.",
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
 * [pure] Whether the answer means "fewer requests": 429, 503 with `Retry-After`, or the code of Oracle B2C
 * Service (Oracle support document 12293).
 */
export function isThrottled({ status, headers, text }: HttpAnswer): boolean {
  if (status === 429) return true;
  return (
    status === 503 && (headers["retry-after"] !== undefined || text.includes("OSC-CREST-00035"))
  );
}

/** [pure] Whether the same request may succeed a moment later. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * [pure] The wait that the API requests, in ms: `Retry-After` or `osvc-crest-next-request-after` (Oracle
 * B2C Service, "Custom Headers"), whichever is longer. Undefined if it requests none.
 */
export function requestedWaitMs({ headers }: HttpAnswer, now: EpochMs): number | undefined {
  const crest = headers["osvc-crest-next-request-after"];
  const crestMs = crest !== undefined && /^\d{1,9}$/.test(crest.trim()) ? Number(crest) : undefined;
  const retryMs = retryAfterMs(headers["retry-after"], now);
  if (crestMs === undefined || retryMs === undefined) return crestMs ?? retryMs;
  return Math.max(crestMs, retryMs);
}

/**
 * [pure] `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined if it is missing or unreadable; never negative.
 */
export function retryAfterMs(value: string | undefined, now: EpochMs): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1000));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, elapsed(now, epochMs(date)));
}
