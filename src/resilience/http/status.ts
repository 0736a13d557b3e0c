import { Failure, type FailureSource } from "../../domain/failure.ts";
import { type EpochMs, elapsed, epochMs } from "../../domain/time.ts";
import type { HttpAnswer } from "./client.ts";

/** What the failure of an answer is told about. */
export interface RequestInfo {
  readonly source: FailureSource;
  /** The call in the other side's words, without personal data: `POST /oauth/token`. */
  readonly what: string;
  /** When the answer came: `Retry-After` may be a date. */
  readonly now: EpochMs;
}

/**
 * [pure] The typed failure of an answer whose status is not the one that was hoped for.
 * 408, 409, 429 and 5xx are retryable; 401 and 403 are the set-up's fault; any other is permanent,
 * for the same request would be refused again.
 */
export function failureOfStatus(answer: HttpAnswer, asked: RequestInfo): Failure {
  const { status } = answer;
  const about = {
    source: asked.source,
    status,
    message: `${asked.what} answered ${status}`,
    retryAfterMs: waitAskedMs(answer, asked.now),
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
 * [pure] Whether the other side asks for fewer requests: 429, a 503 that says when to come back, or
 * Oracle B2C Service's own code (Oracle support document 12293).
 */
export function isThrottled({ status, headers, text }: HttpAnswer): boolean {
  if (status === 429) return true;
  return (
    status === 503 && (headers["retry-after"] !== undefined || text.includes("OSC-CREST-00035"))
  );
}

/** [pure] Whether the same request may be answered better a moment later. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * [pure] How long the other side asks us to wait, in ms: `Retry-After`, or
 * `osvc-crest-next-request-after` (Oracle B2C Service, "Custom Headers": ms), whichever is longer.
 */
export function waitAskedMs({ headers }: HttpAnswer, now: EpochMs): number | undefined {
  const crest = headers["osvc-crest-next-request-after"];
  const crestMs = crest !== undefined && /^\d{1,9}$/.test(crest.trim()) ? Number(crest) : undefined;
  const retryMs = retryAfterMs(headers["retry-after"], now);
  if (crestMs === undefined || retryMs === undefined) return crestMs ?? retryMs;
  return Math.max(crestMs, retryMs);
}

/**
 * [pure] `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined where it is missing or unreadable; never negative.
 */
export function retryAfterMs(value: string | undefined, now: EpochMs): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1000));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, elapsed(now, epochMs(date)));
}
