/** The system that failed, which an operator checks first. */
export type FailureSource = "event" | "oracle" | "genesys" | "queue" | "worker";

/**
 * Decides alone what happens to the message:
 * - `retryable`: it is requeued with a delay, because a retry may succeed.
 * - `misconfigured`: every conversation fails until the configuration is changed. The message is
 *   requeued, so that one revoked role does not move all messages to the dead-letter queue.
 * - `permanent`: no retry can succeed. It is moved to the dead-letter queue with the reason.
 * - `expired`: nobody can use the result any more. It is deleted and counted.
 */
export type FailureKind = "retryable" | "misconfigured" | "permanent" | "expired";

/** `docs/reference/failures.md` has one row for each code. */
export type FailureCode =
  | "bad_event"
  | "bad_request"
  | "conversation_not_found"
  | "retries_ended"
  | "conversation_ended"
  | "too_old"
  | "unauthorized"
  | "forbidden"
  | "invalid_client"
  | "throttled"
  | "conflict"
  | "server_error"
  | "malformed_answer"
  | "timeout"
  | "network"
  | "certificate"
  | "proxy"
  | "circuit_open"
  | "aborted"
  | "unexpected";

export interface FailureDetails {
  readonly kind: FailureKind;
  readonly code: FailureCode;
  readonly source: FailureSource;
  /** What happened, with which value, where. No secret and no personal data. */
  readonly message: string;
  /** What to do. */
  readonly cure: string;
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** How long to wait, as the server asked, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** The system error code of a network failure, such as `ECONNRESET`. */
  readonly errno?: string | undefined;
}

/**
 * The only error type that crosses a boundary. Errors of libraries may contain a token or a customer's
 * number: they are translated to a `Failure` where they are caught, and never kept as `cause`.
 */
export class Failure extends Error implements FailureDetails {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly code: FailureCode;
  readonly source: FailureSource;
  readonly cure: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly errno: string | undefined;

  constructor(details: FailureDetails) {
    super(details.message);
    this.kind = details.kind;
    this.code = details.code;
    this.source = details.source;
    this.cure = details.cure;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.errno = details.errno;
  }
}

/**
 * Any thrown value as a {@link Failure}. An unexpected error is a defect in Ringahead. It is
 * `retryable`, so that no conversation is lost, and has the name of the error and its place in the code.
 */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure({
    kind: "retryable",
    code: "unexpected",
    source: "worker",
    message: `unexpected ${nameOf(thrown)} ${placeOf(thrown)}`.trim(),
    cure: "This is a defect in Ringahead: report it with this line.",
  });
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  return /^[A-Za-z]{1,60}$/.test(thrown.name) ? thrown.name : "Error";
}

/**
 * File and line of the first stack frame. The frames follow the message, which may have several lines
 * and contain anything.
 */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "";
  const { stack = "", message } = thrown;
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const [, file, line] = /\n {4}at [^\n]*?([\w.-]{1,80}\.[cm]?[jt]s):(\d{1,6})/.exec(frames) ?? [];
  return file === undefined ? "" : `at ${file}:${line}`;
}
