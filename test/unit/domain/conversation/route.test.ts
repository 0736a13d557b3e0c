import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCustomerEvent, recordEvent, route } from "../../../../src/domain/conversation/route.ts";
import type { Session } from "../../../../src/domain/conversation/session.ts";
import { type CustomerEvent, readEvent } from "../../../../src/domain/event/read-event.ts";
import { Failure } from "../../../../src/domain/failure.ts";
import type { HistoryStatus } from "../../../../src/domain/summary/summarise.ts";
import { epochMs } from "../../../../src/domain/time.ts";
import { sampleBody } from "../../../support/events.ts";

function event(name: string, body: Readonly<Record<string, unknown>> = {}): CustomerEvent {
  const read = readEvent(sampleBody(name, body));
  if (read instanceof Failure || !isCustomerEvent(read))
    throw new Error(`${name} is not a customer event`);
  return read;
}
const start = (eventTime: number) => event("customer-start-voice", { eventTime });
const end = (eventTime: number) => event("customer-end-voice", { eventTime });
const contact = (eventTime: number) => event("contact-message-web", { eventTime });

interface Known {
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly written?: { readonly status: HistoryStatus; readonly at: number };
  readonly ownerMessageId?: string;
}

function session({ startedAt, endedAt, written, ownerMessageId }: Known = {}): Session {
  return {
    participantId: start(1).body.participantId,
    attempts: 0,
    generation: 0,
    ...(startedAt !== undefined && { startedAt: epochMs(startedAt) }),
    ...(endedAt !== undefined && { endedAt: epochMs(endedAt) }),
    ...(written !== undefined && { written: { ...written, at: epochMs(written.at) } }),
    ...(ownerMessageId !== undefined && { ownerMessageId }),
  };
}
function decide(
  arrived: CustomerEvent,
  known: Session,
  messageId = "m1",
  others: readonly Session[] = [],
): string {
  recordEvent(arrived, known);
  const decision = route(arrived, known, messageId, [...others, known]);
  return decision.do === "acknowledge" ? decision.because : decision.do;
}

describe("a start", () => {
  it("is enriched", () => {
    expect(decide(start(10), session())).toBe("enrich");
  });
  it("is acknowledged if its end came first", () => {
    const known = session();
    decide(end(20), known);
    expect(decide(start(10), known)).toBe("conversation_ended");
  });
  it("begins a new generation if it is later than the end of its session", () => {
    const known = session({ startedAt: 10, endedAt: 20, written: { status: "found", at: 12 } });
    expect(decide(start(30), known)).toBe("enrich");
    expect(known.written).toBeUndefined();
  });
  it("is left to the message that owns it already", () => {
    const known = session({ startedAt: 10, ownerMessageId: "m1" });
    expect(decide(start(10), known, "m2")).toBe("owned_by_other_message");
    expect(decide(start(10), known, "m1")).toBe("enrich");
  });
  it("is acknowledged if its history is written, but not if only `unavailable` is", () => {
    const found = session({ startedAt: 10, written: { status: "found", at: 12 } });
    expect(decide(start(10), found)).toBe("history_written");
    const unavailable = session({ startedAt: 10, written: { status: "unavailable", at: 12 } });
    expect(decide(start(10), unavailable)).toBe("enrich");
  });
});

describe("an end", () => {
  it("cancels what is pending", () => {
    expect(decide(end(20), session({ startedAt: 10 }))).toBe("cancel");
  });
  it("of an earlier session leaves the reopened one alone", () => {
    expect(decide(end(20), session({ startedAt: 30 }))).toBe("earlier_session_end");
  });
});

describe("a contact", () => {
  it("is enriched once if the address found nobody", () => {
    for (const status of ["anonymous", "not_found"] as const) {
      const known = session({ startedAt: 1, written: { status, at: 5 } });
      const arrived = contact(10);
      expect(decide(arrived, known)).toBe("enrich");
      if (known.contactId !== undefined) known.triedContactId = known.contactId;
      expect(decide(arrived, known)).toBe("contact_changes_nothing");
    }
  });
  it("changes nothing if the customer is found", () => {
    const known = session({ startedAt: 1, written: { status: "found", at: 5 } });
    expect(decide(contact(10), known)).toBe("contact_changes_nothing");
  });
  it("waits for its start, and for the enrichment in progress", () => {
    expect(decide(contact(10), session())).toBe("contact_kept_for_start");
    expect(decide(contact(10), session({ ownerMessageId: "m0" }))).toBe("contact_used_in_progress");
  });
  it("of an ended conversation is acknowledged", () => {
    const known = session({ startedAt: 1, endedAt: 9, written: { status: "not_found", at: 5 } });
    expect(decide(contact(10), known)).toBe("conversation_ended");
  });
});

describe("a leg that an agent dials", () => {
  const leg = (eventTime: number) => event("customer-start-consult-leg", { eventTime });
  const dialled = (): Session => ({ ...session(), participantId: leg(1).body.participantId });
  const caller = (known: Known) => ({ ...session(known), origin: "came_in" as const });

  it("is left alone while a customer is there, and its contact too", () => {
    const there = [caller({ startedAt: 5 })];
    const known = dialled();
    expect(decide(leg(10), known, "m1", there)).toBe("third_party");
    expect(decide(contact(11), known, "m2", there)).toBe("third_party");
  });
  it("is enriched if the customer had left, or nobody was there", () => {
    expect(decide(leg(10), dialled(), "m1", [caller({ startedAt: 5, endedAt: 9 })])).toBe("enrich");
    expect(decide(leg(10), dialled())).toBe("enrich");
  });
  it("is cancelled at its end like any other", () => {
    const known = dialled();
    const there = [caller({ startedAt: 5 })];
    decide(leg(10), known, "m1", there);
    const hungUp = event("customer-end-voice", { eventTime: 20 });
    expect(decide(hungUp, known, "m2", there)).toBe("cancel");
  });
});

it("in any order, an ended session is never enriched by its own start", () => {
  const arrivals = fc.shuffledSubarray(["start", "start", "end", "end"] as const, { minLength: 4 });
  fc.assert(
    fc.property(arrivals, (order) => {
      const known = session();
      let ended = false;
      for (const [index, what] of order.entries()) {
        if (what === "end") ended = true;
        const decision = decide(what === "start" ? start(10) : end(20), known, `m${index}`);
        if (ended) expect(decision).not.toBe("enrich");
      }
    }),
  );
});
