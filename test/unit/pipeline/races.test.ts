import { describe, expect, it } from "vitest";
import { OTHER, OWN, person, pipeline } from "../../support/pipeline.ts";
import { oracleFailure } from "../../support/work.ts";

const PHONE = `phone:${OWN}`;
const R = "reference:AC-1007";
const S = "reference:AC-1008";
const collected = { customer_reference: "AC-1007" };
const corrected = { customer_reference: "AC-1008" };
const STATION = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
const now = Date.now();
const leg = {
  participantId: "p2",
  sessionId: "leg",
  direction: "OUTBOUND",
  ani: STATION,
  addressFrom: STATION,
  dnis: `tel:${OTHER}`,
  addressTo: `tel:${OTHER}`,
  eventTime: now + 20_000,
};

describe("a reference and a start at the same time", () => {
  it("the exact number stays, whichever is written first", async () => {
    const late = pipeline({ [PHONE]: person("E"), [R]: person("R") });
    late.during(R, () => late.start());
    await late.attributes(collected);
    expect(late.written()).toEqual(["found E phone:exact"]);

    const early = pipeline({ [PHONE]: person("E"), [R]: person("R") });
    early.during(PHONE, () => early.attributes(collected));
    await early.start();
    expect(early.written()).toEqual(["found E phone:exact"]);

    const before = pipeline({ [PHONE]: person("E"), [R]: person("R") });
    await before.attributes(collected);
    await before.start();
    expect(before.written()).toEqual(["found R reference", "found E phone:exact"]);
  });

  it("a start is never given up for the message of a reference or of a contact", async () => {
    const one = pipeline({ [PHONE]: person("E"), [R]: person("R") });
    // The session is known by its contact before its start.
    await one.contact();
    let start = "";
    one.during(R, async () => {
      start = await one.start();
    });
    expect(await one.attributes(collected)).toBe("reference_used_in_progress");
    expect(start).toBe("handled");
    expect(one.written()).toEqual(["found E phone:exact"]);
  });

  it("nothing is written after the participant has left", async () => {
    const one = pipeline({ [R]: person("R") });
    one.during(R, async () => {
      await one.start();
      await one.end();
    });
    await one.attributes(collected);
    expect(one.written()).toEqual(["found R reference"]);
    const two = pipeline({ [R]: person("R") });
    two.during(R, async () => {
      await two.end();
    });
    await two.attributes(collected);
    expect(two.written()).toEqual([]);
  });
});

describe("a reference of a party that an agent dialled", () => {
  const ofLeg = (one: ReturnType<typeof pipeline>) =>
    one.receive("attributes-voice", { participantId: "p2", attributes: collected });

  it("is left alone if the start of the leg comes during its lookup", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start({ eventTime: now });
    one.during(R, () => one.receive("customer-start-voice", leg));
    expect(await ofLeg(one)).toBe("third_party");
    expect(one.writtenTo()).toEqual(["p1"]);
  });

  it("is left alone if only another event of the leg was seen", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start({ eventTime: now });
    await ofLeg(one);
    await one.receive("contact-message-web", { ...leg, externalContactId: "k1" });
    expect(
      await one.receive("attributes-voice", { participantId: "p2", attributes: corrected }),
    ).toBe("third_party");
  });
});

describe("a reference that the caller corrects", () => {
  it("replaces the customer of the first one", async () => {
    const one = pipeline({ [R]: person("R"), [S]: person("S") });
    await one.start();
    await one.attributes(collected);
    expect(await one.attributes(corrected)).toBe("handled");
    expect(one.written()).toEqual(["not_found", "found R reference", "found S reference"]);
  });

  it("withdraws the customer of the first one if nobody has it", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start();
    await one.attributes(collected);
    await one.attributes(corrected);
    expect(one.written()).toEqual(["not_found", "found R reference", "not_found"]);
  });

  it("stays corrected if the first one arrives late", async () => {
    const one = pipeline({ [R]: person("R"), [S]: person("S") });
    await one.start();
    const send = (attributes: object, eventTime: number) =>
      one.receive("attributes-voice", { attributes, eventTime });
    await send(corrected, now + 2_000);
    expect(await send(collected, now + 1_000)).toBe("recorded");
    expect(one.written()).toEqual(["not_found", "found S reference"]);
  });

  it("counts during the lookup of the first one", async () => {
    const one = pipeline({ [R]: person("R"), [S]: person("S") });
    await one.start();
    one.during(R, () => one.attributes(corrected));
    await one.attributes(collected);
    expect(one.written().at(-1)).toBe("found S reference");
  });

  it("an exact number stays", async () => {
    const one = pipeline({ [PHONE]: person("E"), [R]: person("R"), [S]: person("S") });
    await one.attributes(collected);
    await one.start();
    expect(await one.attributes(corrected)).toBe("reference_changes_nothing");
    expect(one.written().at(-1)).toBe("found E phone:exact");
  });
});

describe("a reference while Oracle fails", () => {
  it("does not say `unavailable` over what is not known after a restart", async () => {
    const one = pipeline({ [R]: oracleFailure() });
    expect(await one.attributes(collected)).toBe("waiting");
    expect(one.owing()).toBe(false);
  });

  it("that finds nobody leaves `unavailable`: the number was not looked up", async () => {
    const one = pipeline({ [PHONE]: oracleFailure() });
    await one.start();
    await one.unavailable();
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written()).toEqual(["unavailable"]);
  });
});

describe("a reference after a restart", () => {
  it("does not bring back what was erased", async () => {
    const one = pipeline({ [R]: person("R") });
    const erased = { ...collected, oracle_status: "found", oracle_matched_by: "" };
    expect(await one.attributes(erased)).toBe("recorded");
    expect(one.asked).toEqual([]);
  });

  it("does not replace an exact match that the event itself names", async () => {
    const one = pipeline({ [R]: person("R") });
    const map = { ...collected, oracle_status: "found", oracle_matched_by: "phone:exact" };
    expect(await one.attributes(map)).toBe("recorded");
    expect(one.asked).toEqual([]);
  });
});

describe("a reference and a contact", () => {
  it("the reference is surer, whichever comes first", async () => {
    const one = pipeline({ [`phone:${OTHER}`]: person("C"), [R]: person("R") }, [OTHER]);
    await one.start({ externalContactId: "k1" });
    await one.attributes(collected);
    expect(one.written()).toEqual(["found C contact", "found R reference"]);
  });
});

it("a contact that Genesys corrected stays corrected if the start is received again", async () => {
  const one = pipeline({ [PHONE]: oracleFailure() });
  await one.start({ externalContactId: "k1", eventTime: now });
  await one.receive("contact-message-web", {
    sessionId: "s1",
    externalContactId: "k2",
    eventTime: now + 1_000,
  });
  one.oracle[PHONE] = { match: "not_found" };
  await one.start({ externalContactId: "k1", eventTime: now });
  expect(one.asked).toEqual([PHONE, PHONE, "k2"]);
});

describe("a contact whose event names no session", () => {
  const named = (one: ReturnType<typeof pipeline>) =>
    one.receive("contact-message-web", { sessionId: undefined, externalContactId: "k1" });

  it.each([
    [["named", "start"], ["found C contact"]],
    [
      ["start", "named"],
      ["not_found", "found C contact"],
    ],
  ])("%j: is used", async (order, written) => {
    const one = pipeline({ [`phone:${OTHER}`]: person("C") }, [OTHER]);
    for (const event of order) await (event === "start" ? one.start() : named(one));
    expect(one.written()).toEqual(written);
  });

  it("does not make its participant seem to be there for ever", async () => {
    const one = pipeline({});
    await named(one);
    await one.start({ eventTime: now });
    await one.end();
    const called = { ...leg, eventTime: now + 120_000 };
    expect(await one.receive("customer-start-voice", called)).toBe("handled");
  });
});

describe("a second session of the same participant", () => {
  const callback = (one: ReturnType<typeof pipeline>, change: object = {}) =>
    one.receive("customer-start-callback", {
      sessionId: "s2",
      callbackNumbers: [OTHER],
      ani: undefined,
      dnis: undefined,
      addressFrom: undefined,
      eventTime: now + 5_000,
      ...change,
    });

  it.each([
    ["not_found", {}],
    ["anonymous", { callbackNumbers: [] }],
  ])("%s does not replace whom the first session found", async (_, change) => {
    const one = pipeline({ [PHONE]: person("E") });
    await one.start();
    expect(await callback(one, change)).toBe("handled");
    expect(one.written()).toEqual(["found E phone:exact"]);
    expect(await callback(one, change)).toBe("history_written");
  });

  it("that wrote nothing does not count as a second write when the agent connects", async () => {
    const one = pipeline({ [PHONE]: person("E") });
    await one.start();
    await callback(one);
    await one.receive("user-start-voice", {});
    await one.attributes({ oracle_status: "found" });
    expect(one.facts.filter((fact) => /headstart|confirmed/.test(fact))).toEqual([
      "headstart.measured",
      "write.confirmed",
    ]);
  });

  it("that fails does not say `unavailable` over whom the first session found", async () => {
    const one = pipeline({ [PHONE]: person("E"), [`phone:${OTHER}`]: oracleFailure() });
    await one.start();
    await callback(one);
    await one.unavailable();
    expect(one.written()).toEqual(["found E phone:exact"]);
  });

  it("that knows as much is written: it is newer", async () => {
    const one = pipeline({ [PHONE]: person("E") });
    await one.start();
    await callback(one, { callbackNumbers: [OWN] });
    expect(one.written()).toEqual(["found E phone:exact", "found E phone:exact"]);
  });

  it("a reference looks at what any session wrote", async () => {
    const one = pipeline({ [PHONE]: person("E"), [R]: person("R") });
    await one.start();
    await callback(one, { callbackNumbers: [] });
    expect(await one.attributes(collected)).toBe("reference_changes_nothing");
  });

  it("that has ended does not take the reference from one that lives", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start();
    await callback(one);
    await one.receive("customer-end-voice", { sessionId: "s2", eventTime: now + 6_000 });
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written().at(-1)).toBe("found R reference");
  });
});
