import type { Part } from "../../domain/conversation/parties.ts";
import type { LogLine } from "../../observability/facts/line.ts";

/** A participant of a conversation, and the part that the worker saw in it. */
export interface JudgedParticipant {
  readonly participantId: string;
  readonly part: Part;
}

const who: Readonly<Record<Part, string>> = {
  came_in: "the customer who came in first",
  asked_for_callback: "the customer who asked for a callback",
  came_in_later: "a further customer who came in, with a history of their own",
  called: "the customer who was called",
  third_party: "an agent called this party while a customer was there",
};
/** In this order one of several customers stands for the conversation, as in a lookup. */
const order = Object.keys(who) as readonly Part[];

/** [pure] A judgement as a clause of the timeline. */
export function describeJudged({ participantId, part }: JudgedParticipant): string {
  const action = part === "third_party" ? "left alone" : "taken";
  return `participant ${participantId} is ${action}: ${who[part]}`;
}

/**
 * [pure] The participants as they were judged last: first the one that stands for the conversation,
 * then other customers, then those who were left alone.
 */
export function judgedParticipants(lines: readonly LogLine[]): readonly JudgedParticipant[] {
  const judged = new Map<string, Part>();
  for (const line of lines) {
    if (line.fact === "participant.judged") judged.set(line.participantId, line.part);
  }
  return [...judged]
    .map(([participantId, part]) => ({ participantId, part }))
    .toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
}

/** [pure] Which participants were taken and which were left, each with its reason; "" for none. */
export function participantsText(judged: readonly JudgedParticipant[]): string {
  return judged.map((one) => ` P${describeJudged(one).slice(1)}.`).join("");
}
