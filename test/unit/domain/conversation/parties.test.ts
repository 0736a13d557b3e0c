import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  customerOf,
  type Origin,
  type OutsideSession,
  originOf,
  origins,
  type Part,
  partOf,
} from "../../../../src/domain/conversation/parties.ts";
import { isCustomerEvent, recordEvent } from "../../../../src/domain/conversation/route.ts";
import {
  mergeSession,
  partOfSession,
  type Session,
} from "../../../../src/domain/conversation/session.ts";
import { type CustomerEvent, readEvent } from "../../../../src/domain/event/read-event.ts";
import { Failure } from "../../../../src/domain/failure.ts";
import { sampleBody } from "../../../support/events.ts";

const STATION = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";

describe("how a session came in", () => {
  it.each<[Origin, Parameters<typeof originOf>[0]]>([
    ["came_in", { mediaType: "VOICE", direction: "INBOUND", ani: "tel:+17275550198" }],
    ["came_in", { mediaType: "VOICE", direction: "INBOUND", ani: STATION }],
    ["came_in", { mediaType: "EMAIL", direction: "inbound", addressFrom: "ada@example.com" }],
    ["came_in", { mediaType: "VOICE", direction: "UNKNOWN", ani: "tel:+17275550198" }],
    ["came_in", { mediaType: "HOLOGRAM" }],
    ["came_in", {}],
    ["dialled", { mediaType: "VOICE", direction: "OUTBOUND", ani: "tel:+18005550123" }],
    ["dialled", { direction: "outbound" }],
    ["dialled", { direction: "OUTBOUND", ani: "sip:+15551234567@10.1.2.3;user=phone" }],
    // Another host than an agent's station has, and a user that is not 24 hex digits.
    ["dialled", { direction: "OUTBOUND", ani: `${STATION}.example` }],
    ["dialled", { direction: "OUTBOUND", ani: STATION.replace("642c", "0642c") }],
    ["dialled_by_agent", { mediaType: "VOICE", direction: "OUTBOUND", ani: STATION }],
    ["dialled_by_agent", { mediaType: "VOICE", direction: "Outbound", addressFrom: STATION }],
    ["dialled_by_agent", { direction: "OUTBOUND", ani: STATION.toUpperCase() }],
    ["dialled_by_agent", { direction: "OUTBOUND", ani: `<${STATION};transport=tls>` }],
    ["dialled_by_agent", { direction: "OUTBOUND", ani: encodeURIComponent(STATION) }],
    ["dialled_by_agent", { direction: "OUTBOUND", ani: STATION.replace("+", "%2b") }],
    ["dialled_by_agent", { direction: "OUTBOUND", ani: `${STATION.replace("+", "%2B")};x=%E0%A4` }],
    ["dialled_by_agent", { direction: "UNKNOWN", ani: STATION }],
    ["dialled_by_agent", { ani: STATION }],
    ["callback", { mediaType: "CALLBACK", direction: "INBOUND" }],
    ["callback", { mediaType: "callback", direction: "OUTBOUND", ani: STATION }],
  ])("%s: %j", (origin, fields) => {
    expect(originOf(fields)).toBe(origin);
  });
});

function one(
  participantId: string,
  origin: Origin,
  startedAt?: number,
  endedAt?: number,
): OutsideSession {
  return { participantId, origin, startedAt, endedAt };
}

const situations: readonly (readonly [
  string,
  readonly OutsideSession[],
  readonly Part[],
  string,
])[] = [
  ["a caller alone", [one("a", "came_in", 1)], ["came_in"], "a"],
  [
    "a consult",
    [one("a", "came_in", 1), one("b", "dialled_by_agent", 5)],
    ["came_in", "third_party"],
    "a",
  ],
  [
    "a consult after which the caller hangs up",
    [one("a", "came_in", 1, 9), one("b", "dialled_by_agent", 5)],
    ["came_in", "third_party"],
    "a",
  ],
  [
    "a consult under the organization's number",
    [one("a", "came_in", 1), one("b", "dialled", 5)],
    ["came_in", "third_party"],
    "a",
  ],
  [
    "a conference of three",
    [one("a", "came_in", 1), one("b", "dialled", 5), one("c", "dialled_by_agent", 7)],
    ["came_in", "third_party", "third_party"],
    "a",
  ],
  [
    "a consult while a party of an earlier one is there",
    [one("a", "came_in", 1, 6), one("b", "dialled", 5), one("c", "dialled", 7)],
    ["came_in", "third_party", "third_party"],
    "a",
  ],
  [
    "the call of a callback, after a consult whose end was never recorded",
    [
      one("a", "came_in", 1, 9),
      one("a", "callback", 8),
      one("b", "dialled_by_agent", 5),
      one("c", "dialled_by_agent", 20),
    ],
    ["came_in", "asked_for_callback", "third_party", "called"],
    "a",
  ],
  [
    "a consult in the call of a callback",
    [one("a", "callback", 1), one("b", "dialled_by_agent", 20), one("c", "dialled_by_agent", 25)],
    ["asked_for_callback", "called", "third_party"],
    "a",
  ],
  [
    "a consult while the caller who has just asked for a callback is there",
    [one("a", "came_in", 1), one("a", "callback", 4), one("b", "dialled_by_agent", 5)],
    ["came_in", "asked_for_callback", "third_party"],
    "a",
  ],
  [
    "a consult in a campaign's call",
    [one("a", "dialled", 1), one("b", "dialled_by_agent", 5)],
    ["called", "third_party"],
    "a",
  ],
  ["an agent's own call", [one("a", "dialled_by_agent", 1)], ["called"], "a"],
  [
    "a dialler's next try",
    [one("a", "dialled", 1, 3), one("b", "dialled", 5)],
    ["called", "called"],
    "b",
  ],
  [
    "a next try in the ms in which the earlier one ended",
    [one("a", "dialled", 1, 5), one("b", "dialled", 5)],
    ["called", "called"],
    "b",
  ],
  [
    "the call of a callback",
    [one("a", "callback", 1), one("b", "dialled_by_agent", 5)],
    ["asked_for_callback", "called"],
    "a",
  ],
  [
    "the call of a callback, and a consult in it",
    [one("a", "callback", 1), one("b", "dialled", 5), one("c", "dialled", 7)],
    ["asked_for_callback", "called", "third_party"],
    "a",
  ],
  [
    "a caller who asks for a callback and is called back on the same participant",
    [one("a", "came_in", 1, 3), one("a", "callback", 2), one("a", "dialled", 9)],
    ["came_in", "asked_for_callback", "called"],
    "a",
  ],
  [
    "a caller who is dialled again while a consulted party is there",
    [one("a", "came_in", 1, 6), one("b", "dialled", 5), one("a", "dialled_by_agent", 8)],
    ["came_in", "third_party", "called"],
    "a",
  ],
  [
    "a second caller",
    [one("a", "came_in", 1), one("b", "came_in", 5)],
    ["came_in", "came_in_later"],
    "a",
  ],
  [
    "a second caller after the first has left",
    [one("a", "came_in", 1, 3), one("b", "came_in", 5)],
    ["came_in", "came_in_later"],
    "b",
  ],
  [
    "somebody who calls into a campaign's call",
    [one("a", "dialled", 1), one("b", "came_in", 5)],
    ["called", "came_in_later"],
    "b",
  ],
  [
    "a caller who comes in again",
    [one("a", "came_in", 1, 3), one("b", "dialled", 2), one("a", "came_in", 9)],
    ["came_in", "third_party", "came_in"],
    "a",
  ],
  [
    "a leg in the caller's own ms",
    [one("b", "came_in", 5), one("a", "dialled_by_agent", 5)],
    ["came_in", "third_party"],
    "b",
  ],
  [
    "two dials in the same ms: the smaller id was first",
    [one("b", "dialled", 5), one("a", "dialled", 5)],
    ["third_party", "called"],
    "a",
  ],
  [
    "a caller whose start was not seen",
    [one("a", "came_in"), one("b", "dialled_by_agent", 5)],
    ["came_in", "third_party"],
    "a",
  ],
  [
    "a caller of whom only the end was seen",
    [one("a", "came_in", undefined, 9), one("b", "dialled", 5)],
    ["came_in", "third_party"],
    "a",
  ],
  [
    "a caller who left before the dial, start not seen",
    [one("a", "came_in", undefined, 4), one("b", "dialled", 5)],
    ["came_in", "called"],
    "a",
  ],
  [
    "a caller who left at an unknown time",
    [one("a", "came_in", 1, Number.POSITIVE_INFINITY), one("b", "dialled", 5)],
    ["came_in", "third_party"],
    "a",
  ],
];

describe("the part of each party", () => {
  it.each(situations)("%s", (_, sessions, expected, customer) => {
    expect(sessions.map((session) => partOf(session, sessions))).toEqual(expected);
    expect(customerOf(sessions)).toBe(customer);
    expect(customerOf(sessions.toReversed())).toBe(customer);
  });

  it("is nobody's in a conversation without parties", () => {
    expect(customerOf([])).toBeUndefined();
  });

  const anySession = fc.record({
    participantId: fc.constantFrom("a", "b", "c", "d"),
    origin: fc.constantFrom(...origins),
    startedAt: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    endedAt: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  });
  const anyConversation = fc.array(anySession, { minLength: 1, maxLength: 6 });

  it("does not depend on the order of the list, and somebody is always the customer", () => {
    fc.assert(
      fc.property(anyConversation, fc.infiniteStream(fc.nat()), (sessions, chance) => {
        const shuffled = sessions
          .map((session) => ({ session, at: chance.next().value }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ session }) => session);
        for (const session of sessions) {
          expect(partOf(session, shuffled)).toBe(partOf(session, sessions));
        }
        const customer = customerOf(sessions);
        expect(customerOf(shuffled)).toBe(customer);
        const own = sessions.filter(({ participantId }) => participantId === customer);
        expect(own.map((session) => partOf(session, sessions))).not.toEqual(
          own.map(() => "third_party"),
        );
      }),
    );
  });

  it("is never a third party's if the participant came in or asked for a callback", () => {
    fc.assert(
      fc.property(anyConversation, (sessions) => {
        const customers = sessions
          .filter(({ origin }) => origin === "came_in" || origin === "callback")
          .map(({ participantId }) => participantId);
        for (const session of sessions.filter((s) => customers.includes(s.participantId))) {
          expect(partOf(session, sessions)).not.toBe("third_party");
        }
      }),
    );
  });
});

describe("events in any order", () => {
  interface Step {
    readonly name: "customer-start-voice" | "customer-end-voice" | "contact-message-web";
    readonly who: string;
    readonly at: number;
  }
  const directions: Readonly<Record<string, object>> = {
    a: { direction: "INBOUND", ani: "tel:+17275550198" },
    b: { direction: "OUTBOUND", ani: STATION, dnis: "tel:+12125550142" },
    c: { direction: "OUTBOUND", ani: "tel:+18005550123", dnis: "tel:+12125550143" },
    d: { mediaType: "CALLBACK", direction: "INBOUND", callbackNumbers: ["+12125550142"] },
  };
  const step = fc.record<Step>({
    name: fc.constantFrom("customer-start-voice", "customer-end-voice", "contact-message-web"),
    who: fc.constantFrom("a", "b", "c", "d"),
    at: fc.integer({ min: 1, max: 9 }),
  });

  function read({ name, who, at }: Step): CustomerEvent {
    // A contact event need not name the direction.
    const direction = name === "contact-message-web" ? { direction: "UNKNOWN" } : directions[who];
    const ids = { participantId: who, sessionId: `s-${who}`, eventTime: at, mediaType: "VOICE" };
    const event = readEvent(sampleBody(name, { ...ids, ...direction }));
    if (event instanceof Failure || !isCustomerEvent(event)) throw new TypeError("no event");
    return event;
  }

  function known(steps: readonly Step[]): Map<string, Session> {
    const sessions = new Map<string, Session>();
    for (const event of steps.map(read)) {
      const { participantId } = event.body;
      const session = sessions.get(participantId) ?? { participantId, attempts: 0, generation: 0 };
      sessions.set(participantId, session);
      recordEvent(event, session);
    }
    return sessions;
  }

  function judged(sessions: ReadonlyMap<string, Session>): Record<string, Part> {
    return Object.fromEntries(
      [...sessions].map(([id, session]) => [id, partOfSession(session, sessions.values())]),
    );
  }

  it("lead to the same parts, also if two workers saw a share of them each", () => {
    const orders = fc
      .array(step, { minLength: 2, maxLength: 8 })
      .chain((steps) =>
        fc.tuple(
          fc.constant(steps),
          fc.shuffledSubarray(steps, { minLength: steps.length }),
          fc.nat(steps.length),
        ),
      );
    fc.assert(
      fc.property(orders, ([steps, shuffled, cut]) => {
        const expected = judged(known(steps));
        expect(judged(known(shuffled))).toEqual(expected);
        const [mine, theirs] = [known(shuffled.slice(0, cut)), known(shuffled.slice(cut))];
        for (const [id, { participantId, ...news }] of theirs) {
          const session = mine.get(id) ?? { participantId, attempts: 0, generation: 0 };
          mine.set(id, session);
          mergeSession(session, news);
        }
        expect(judged(mine)).toEqual(expected);
      }),
    );
  });

  it("a session of an earlier version, without its origin, counts as one that came in", () => {
    const sessions = known([
      { name: "customer-start-voice", who: "a", at: 1 },
      { name: "customer-start-voice", who: "b", at: 5 },
    ]);
    delete sessions.get("a")?.origin;
    expect(judged(sessions)).toEqual({ a: "came_in", b: "third_party" });
  });

  it("a start that comes again does not make its customer a later one", () => {
    const again = { name: "customer-start-voice", who: "a", at: 9 } as const;
    const steps = [{ ...again, at: 1 }, { ...again, who: "b", at: 5 }, again];
    expect(judged(known(steps))).toEqual({ a: "came_in", b: "third_party" });
  });
});
