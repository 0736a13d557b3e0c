import { retryWindowMs } from "../../domain/conversation/age-limits.ts";
import type { FailureCode } from "../../domain/failure.ts";
import type { DeadLetter } from "./read-dead-letter.ts";

/** Whether putting a letter back can help: yes, after something was mended, or not any more. */
export const verdicts = ["replayable", "fix-first", "too-late"] as const;
export type VerdictName = (typeof verdicts)[number];

export interface Verdict {
  readonly is: VerdictName;
  /** What to mend first, or why it is too late; empty where it is replayable. */
  readonly because: string;
}

const replayable: Verdict = { is: "replayable", because: "" };
const fixFirst = (because: string): Verdict => ({ is: "fix-first", because });
const tooLate = (because: string): Verdict => ({ is: "too-late", because });

const CREDENTIALS = "mend the OAuth client, its secret or its permissions on the side that refused";
const NETWORK =
  "mend the certificate or the proxy between the worker and Oracle: the reason says which";

/** What each failure asks for. `docs/how-to/dead-letters.md` has one heading for each. */
const ofCode: Record<FailureCode | "crashed" | "unreadable", Verdict> = {
  bad_event: fixFirst(
    "find what else sends to the queue: this is no event that Ringahead can read",
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
  unexpected: fixFirst("a defect of Ringahead: report it, or install the version that mends it"),
  unreadable: fixFirst("find what else writes to the dead-letter queue: its reason is not ours"),
  retries_ended: tooLate("it was tried for as long as it could help"),
  conversation_ended: tooLate("the conversation has ended"),
  too_old: tooLate("it is too old for its kind of conversation"),
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
/** The same, for codes as they are found. */
export const verdictOfCode: ReadonlyMap<string, Verdict> = new Map(Object.entries(ofCode));

/** EventBridge's error codes that pass by themselves; the others want somebody's hand. */
const PASSING =
  /^(CONNECTION_FAILURE|ERROR_FROM_TARGET|INTERNAL_ERROR|RESOURCE_LIMIT_EXCEEDED|RESOURCE_MODIFICATION_COLLISION|THROTTLING|TIMEOUT|TRANSIENT_ASSUME_ROLE|UNKNOWN)$/;

/**
 * [pure] Whether a letter is worth a replay. `now` is epoch ms. Too late goes by the event's age,
 * which is a guess: only Genesys knows whether the conversation lives.
 * @param maxReplays a letter that was put back this often is set aside.
 */
export function judge(letter: DeadLetter, now: number, maxReplays: number): Verdict {
  if (letter.notEvent === undefined && now - letter.happenedAt > retryWindowMs(letter.mediaType)) {
    return tooLate("the conversation is older than its history is of use");
  }
  if (isCut(letter)) {
    return fixFirst("its body was cut to fit the queue: it cannot be replayed, only discarded");
  }
  if (letter.replayed >= maxReplays) {
    return fixFirst(`set aside after ${letter.replayed} replays: find out why it comes back`);
  }
  if (letter.origin.by === "eventbridge") {
    const { errorCode } = letter.origin.delivery;
    return PASSING.test(errorCode)
      ? replayable
      : fixFirst("mend the rule's permission or target: EventBridge could not deliver");
  }
  if (letter.notEvent !== undefined) return ofCode.bad_event;
  return verdictOfCode.get(letter.code) ?? fixFirst("a failure of another version: see its notes");
}

/** Whether only the beginning of the body is left: such a letter can never go back. */
export function isCut(letter: DeadLetter): boolean {
  return letter.origin.by === "worker" && letter.origin.reason.bodyCutFrom !== undefined;
}
