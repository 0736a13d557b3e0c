import { retryWindowMs } from "../../domain/conversation/age-limits.ts";
import type { FailureCode } from "../../domain/failure.ts";
import type { DeadLetter } from "./read-dead-letter.ts";

/** Whether a replay helps: now, after a fix, or not any more. The names are values of `--verdict` and in JSON. */
export const verdicts = ["replayable", "fix-first", "too-late"] as const;
export type VerdictName = (typeof verdicts)[number];

export interface Verdict {
  readonly is: VerdictName;
  /** What to fix first, or why it is too late. Empty if replayable. */
  readonly because: string;
}

const replayable: Verdict = { is: "replayable", because: "" };
const fixFirst = (because: string): Verdict => ({ is: "fix-first", because });
const tooLate = (because: string): Verdict => ({ is: "too-late", because });

const CREDENTIALS = "fix the OAuth client, its secret or its permissions on the side that refused";
const NETWORK =
  "fix the certificate or the proxy between the worker and Oracle: the reason says which";

/** `docs/how-to/dead-letters.md` has one heading for each code. */
const knownCodes: Record<FailureCode | "crashed" | "unreadable", Verdict> = {
  bad_event: fixFirst(
    "find what else sends to the queue: the message is not a Genesys Cloud event",
  ),
  bad_request: fixFirst(
    "look at the event and the reason: the same request would be refused again",
  ),
  conversation_not_found: fixFirst(
    "check that GENESYS_REGION and the OAuth client belong to the org that sent the event",
  ),
  unauthorized: fixFirst(CREDENTIALS),
  forbidden: fixFirst(CREDENTIALS),
  invalid_client: fixFirst(CREDENTIALS),
  certificate: fixFirst(NETWORK),
  proxy: fixFirst(NETWORK),
  unexpected: fixFirst("report this defect of Ringahead, or install a version that fixes it"),
  unreadable: fixFirst(
    "find what else writes to the dead-letter queue: Ringahead did not write its reason",
  ),
  retries_ended: tooLate("its retry window has ended"),
  conversation_ended: tooLate("the conversation has ended"),
  too_old: tooLate("the event is too old for its media type"),
  throttled: replayable,
  conflict: replayable,
  server_error: replayable,
  malformed_answer: replayable,
  timeout: replayable,
  network: replayable,
  aborted: replayable,
  circuit_open: replayable,
  crashed: replayable,
};
/** By code as it is found on a message; another version may have written one that is not here. */
export const verdictOfCode: ReadonlyMap<string, Verdict> = new Map(Object.entries(knownCodes));

/** EventBridge's error codes of transient failures. All others need a fix. */
const TRANSIENT =
  /^(CONNECTION_FAILURE|ERROR_FROM_TARGET|INTERNAL_ERROR|RESOURCE_LIMIT_EXCEEDED|RESOURCE_MODIFICATION_COLLISION|THROTTLING|TIMEOUT|TRANSIENT_ASSUME_ROLE|UNKNOWN)$/;

/**
 * [pure] Whether a replay helps. Too late is estimated from the event's age: only Genesys can tell whether
 * the conversation has ended.
 * @param now epoch ms
 * @param maxReplays a message that was replayed this often is set aside
 */
export function judge(message: DeadLetter, now: number, maxReplays: number): Verdict {
  const ageMs = now - message.happenedAt;
  if (message.notEvent === undefined && ageMs > retryWindowMs(message.mediaType)) {
    return tooLate("the conversation is older than its retry window");
  }
  if (isCut(message)) {
    return fixFirst("its body was cut to fit the queue: it cannot be replayed, only discarded");
  }
  if (message.replayed >= maxReplays) {
    return fixFirst(`set aside after ${message.replayed} replays: find out why it comes back`);
  }
  if (message.origin.by === "eventbridge") {
    const { errorCode } = message.origin.delivery;
    return TRANSIENT.test(errorCode)
      ? replayable
      : fixFirst("fix the rule's permission or target: EventBridge could not deliver");
  }
  if (message.notEvent !== undefined) return knownCodes.bad_event;
  return (
    verdictOfCode.get(message.code) ??
    fixFirst("see the documentation of the version that wrote this code")
  );
}

/** Whether only the beginning of the body is left. Such a message can never be replayed. */
export function isCut(message: DeadLetter): boolean {
  return message.origin.by === "worker" && message.origin.reason.bodyCutFrom !== undefined;
}
