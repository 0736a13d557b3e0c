import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  customerIn,
  partIn,
  readConversationAnswer,
} from "../../../../src/domain/conversation/conversation-answer.ts";

const STATION = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
const at = (seconds: number) => new Date(1_767_323_045_000 + seconds * 1_000).toISOString();
const caller = {
  id: "caller",
  purpose: "customer",
  startTime: at(0),
  ani: "tel:+17275550198",
  calls: [{ direction: "inbound", connectedTime: at(1) }],
};
const leg = {
  id: "leg",
  purpose: "customer",
  startTime: at(60),
  ani: STATION,
  dnis: "tel:+12125550142",
  calls: [{ direction: "outbound", connectedTime: at(61) }],
};

function read(body: unknown) {
  const answer = readConversationAnswer(body);
  if (answer === undefined) throw new TypeError("no conversation");
  return answer;
}
const customer = (...participants: readonly unknown[]) =>
  customerIn(read({ startTime: at(0), participants }))?.id;
const partOf = (id: string, ...participants: readonly unknown[]) => {
  const answer = read({ participants });
  const found = answer.participants.find((one) => one.id === id);
  return found && partIn(answer, found);
};

describe("the customer of a conversation that Genesys describes", () => {
  it("is the caller, whether the dialled leg is listed first or last, open or ended", () => {
    for (const other of [leg, { ...leg, endTime: at(90) }, { ...leg, purpose: "external" }]) {
      expect(customer(caller, other)).toBe("caller");
      expect(customer(other, caller)).toBe("caller");
      expect(customer({ ...caller, endTime: at(80) }, other)).toBe("caller");
      expect(partOf("leg", other, caller)).toBe("third_party");
    }
  });

  it("is seen by a direction of the participant or of its call, or by an agent's station alone", () => {
    const { calls: _, ...bare } = leg;
    for (const other of [
      { ...bare, direction: "outbound" },
      { ...bare, calls: [{}] },
      { ...bare, ani: STATION.replace("+", "%2B") },
      { ...bare, ani: "tel:+18005550123", direction: "outbound" },
    ]) {
      expect(partOf("leg", caller, other)).toBe("third_party");
    }
  });

  it("is known without any times: who came in was first", () => {
    const { startTime: _, calls: __, ...early } = caller;
    expect(customer({ ...leg, startTime: null, calls: [{ direction: "outbound" }] }, early)).toBe(
      "caller",
    );
  });

  it("is the second caller if the first one has left", () => {
    const second = {
      ...caller,
      id: "second",
      startTime: at(30),
      calls: [{ direction: "inbound" }],
    };
    expect(customer(caller, second)).toBe("caller");
    expect(customer({ ...caller, endTime: at(20) }, second)).toBe("second");
  });

  it("is the first caller once all is over, even if a leg's end was never recorded", () => {
    const second = {
      ...caller,
      id: "second",
      startTime: at(30),
      calls: [{ direction: "inbound" }],
    };
    const body = { endTime: at(99), participants: [{ ...caller, endTime: at(50) }, second] };
    expect(customerIn(read(body))?.id).toBe("caller");
  });

  it("is the person whom a campaign or an agent called", () => {
    expect(customer(leg)).toBe("leg");
    expect(partOf("leg", leg)).toBe("called");
    const try1 = { ...leg, id: "try1", startTime: at(1), calls: [], direction: "outbound" };
    expect(customer({ ...try1, endTime: at(30) }, leg)).toBe("leg");
  });

  it("is the person who asked for a callback; the call back is no third party", () => {
    const asked = { ...caller, calls: [], callbacks: [{ direction: "outbound" }] };
    expect(customer(leg, asked)).toBe("caller");
    expect(partOf("leg", leg, asked)).toBe("called");
  });

  it("is nobody who monitors, coaches, barges in or is consulted", () => {
    for (const name of ["monitored", "coached", "barged", "consult"]) {
      const joined = { ...caller, id: "joined", startTime: at(-9), [`${name}ParticipantId`]: "x" };
      expect(customer(joined, caller)).toBe("caller");
      expect(customer(joined)).toBeUndefined();
    }
    expect(customer({ ...caller, purpose: "agent" })).toBeUndefined();
    expect(customer({ ...caller, consultParticipantId: "caller" })).toBe("caller");
  });
});

describe("odd fields", () => {
  it("cost themselves, not the conversation", () => {
    const odd = {
      ...caller,
      endTime: 7,
      connectedTime: "soon",
      dnis: null,
      callbacks: "none",
      messages: [null, 5],
      attributes: { a: "b", c: null, d: 1 },
    };
    const [found] = read({ endTime: null, participants: [odd, null, "x", leg] }).participants;
    expect(found).toMatchObject({ hasLeft: false, dnis: undefined, attributes: { a: "b" } });
    expect(found?.media).toHaveLength(1);
    expect(customer(leg, odd)).toBe("caller");
  });

  it("never make it throw", () => {
    const keys = Object.keys({ ...caller, callbacks: 0, endTime: 0, attributes: 0, consult: 0 });
    const participant = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(fc.oneof(participant, fc.jsonValue())), (participants) => {
        const answer = read({ participants });
        customerIn(answer);
        for (const one of answer.participants) partIn(answer, one);
      }),
    );
  });

  it("a participant without an id is known by its place", () => {
    const { id: _, ...nameless } = caller;
    const { id: __, ...namelessLeg } = leg;
    expect(customer(namelessLeg, nameless)).toBe("#1");
  });
});
