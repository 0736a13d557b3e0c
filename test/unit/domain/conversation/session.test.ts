import { describe, expect, it } from "vitest";
import {
  endedWith,
  isWorthWriting,
  referenceMayHelp,
  shownTo,
} from "../../../../src/domain/conversation/participant.ts";
import {
  contactMayHelp,
  type Session,
  type Written,
} from "../../../../src/domain/conversation/session.ts";
import { contactId, participantId } from "../../../../src/domain/event/ids.ts";
import type { MatchedBy } from "../../../../src/domain/identity/rank.ts";
import { readReference } from "../../../../src/domain/identity/reference.ts";
import type { HistoryStatus, Outcome } from "../../../../src/domain/summary/summarise.ts";
import { epochMs } from "../../../../src/domain/time.ts";
import { found } from "../../../support/summary-outcomes.ts";

const written = (status: HistoryStatus, matchedBy?: MatchedBy): Written => ({
  status,
  at: epochMs(1),
  matchedBy,
});

function session(changes: Partial<Session> = {}): Session {
  return { participantId: participantId.parse("p"), attempts: 0, generation: 0, ...changes };
}

describe("what is written is replaced only by what tells more", () => {
  const not_found: Outcome = { match: "not_found" };
  const ambiguous: Outcome = { match: "ambiguous" };
  const anonymous: Outcome = { match: "anonymous" };
  const national = found({ matchedBy: "phone:national" });
  const reference = found({ matchedBy: "reference" });

  it.each([
    [not_found, undefined, true],
    [anonymous, written("unavailable"), true],
    [not_found, written("anonymous"), true],
    [not_found, written("ambiguous"), false],
    [ambiguous, written("not_found"), true],
    [ambiguous, written("found", "phone:national"), false],
    [not_found, written("not_found"), false],
    [national, written("ambiguous"), true],
    [reference, written("found", "phone:national"), true],
    [national, written("found", "phone:national"), false],
    [reference, written("found", "phone:exact"), false],
    [national, written("found", "reference"), false],
  ] as const)("%j over %j: %s", (outcome, before, expected) => {
    const known = { shown: before, reference: undefined, isFirst: false, isStart: true };
    expect(isWorthWriting(outcome, known)).toBe(expected);
  });
});

describe("a reference may help", () => {
  const one = readReference("AC-1007");
  const other = readReference("AC-1008");

  it.each([
    ["nothing is written yet", {}, true],
    ["nobody was found", { written: written("not_found") }, true],
    ["several were found", { written: written("ambiguous") }, true],
    ["national digits", { written: written("found", "phone:national") }, true],
    ["an exact number", { written: written("found", "phone:exact") }, false],
    ["it was tried", { written: written("not_found"), triedReference: one }, false],
    ["another was tried", { written: written("not_found"), triedReference: other }, true],
  ] as const)("%s", (_, changes, expected) => {
    const known = session(changes as Partial<Session>);
    expect(referenceMayHelp(known, one, known.written)).toBe(expected);
  });
});

it("a contact decides between several customers, once", () => {
  const contact = contactId.parse("c-1");
  const several = { contactId: contact, written: written("ambiguous") };
  expect(contactMayHelp(session(several))).toBe(true);
  expect(contactMayHelp(session({ ...several, triedContactId: contact }))).toBe(false);
});

it("what is shown is the latest write of any session of the participant, until it is erased", () => {
  const at = (ms: number, changes: Partial<Session> = {}) =>
    session({ written: { ...written("found"), at: epochMs(ms) }, ...changes });
  const [first, second, other] = [
    at(5),
    at(9),
    at(20, { participantId: participantId.parse("q") }),
  ];
  const none = session();
  expect(shownTo(none, [first, second, other])?.at).toBe(9);
  expect(shownTo(none, [none])).toBeUndefined();
  expect(shownTo(none, [first, at(9, { erasedAt: epochMs(9) })])).toBeUndefined();
  expect(shownTo(none, [first, at(11, { erasedAt: epochMs(9) })])?.at).toBe(11);
});

it("a reference that was kept before any start ends with the participant's last session", () => {
  const kept = session({ ownerMessageId: "m" });
  const left = session({ startedAt: epochMs(1), endedAt: epochMs(2) });
  const there = session({ startedAt: epochMs(1) });
  expect(endedWith(left, [kept, left])).toEqual([left, kept]);
  expect(endedWith(left, [kept, left, there])).toEqual([left]);
});
