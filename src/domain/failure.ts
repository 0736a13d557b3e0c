/** Who failed: the side that an operator has to look at first. */
export type FailureSource = "event" | "oracle" | "genesys" | "queue" | "worker";

/**
 * What is to be done about a failure. The kind decides, nothing else does:
 * - `retryable`: it may go well later; the message returns to the queue with a delay.
 * - `misconfigured`: it goes wrong for every conversation until somebody mends the set-up;
 *   the message returns to the queue, for one revoked role must not dead-letter every caller.
 * - `permanent`: it will never go well; the message goes to the dead-letter queue with the reason.
 * - `expired`: nobody can use the answer any more; the message is deleted and counted.
 */
export type FailureKind = "retryable" | "misconfigured" | "permanent" | "expired";

/** Every reason that Ringahead gives; `docs/reference/failures.md` has one row for each. */
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
  /** What was wrong, with which value, where. Never a secret, never personal data. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly cure: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** How long the other side asked us to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** The system's own code of a network failure, as `ECONNRESET`. */
  readonly errno?: string | undefined;
}

/**
 * The one error type that crosses a boundary. It is made of our own words: an error of a library
 * may hold a bearer token or a customer's number, so it is translated where it is caught and does
 * not travel on as `cause`.
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
 * Any thrown value as a {@link Failure}. What nobody foresaw is a defect of ours: it is `retryable`,
 * so that a conversation is not lost to it, and carries the error's name and the place in our code.
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
 * Where an error was thrown: file and line of the first frame of its stack. The frames come after the
 * message, which may have lines of its own and hold anything.
 */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "";
  const { stack = "", message } = thrown;
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const [, file, line] = /\n {4}at [^\n]*?([\w.-]{1,80}\.[cm]?[jt]s):(\d{1,6})/.exec(frames) ?? [];
  return file === undefined ? "" : `at ${file}:${line}`;
}
