import { describe, expect, it } from "vitest";
import type { History } from "../../../src/domain/history/history.ts";
import { OTHER, OWN, person, pipeline } from "../../support/pipeline.ts";
import { oracleFailure } from "../../support/work.ts";

describe("a reference that a flow collects", () => {
  const R = "reference:AC-1007";
  const collected = { customer_reference: "ac-1007" };

  it("after nobody was found, finds the customer, once", async () => {
    const one = pipeline({ [R]: person("R") });
    expect(await one.start()).toBe("handled");
    expect(await one.attributes(collected)).toBe("handled");
    // Our own write causes an event too; Genesys sends every attribute with it.
    expect(await one.attributes({ ...collected, oracle_status: "found" })).toBe(
      "reference_changes_nothing",
    );
    expect(one.written()).toEqual(["not_found", "found R reference"]);
    expect(one.asked).toEqual([`phone:${OWN}`, R]);
  });

  it("costs nothing if the number was exact", async () => {
    const one = pipeline({ [`phone:${OWN}`]: person("E"), [R]: person("R") });
    await one.start();
    expect(await one.attributes(collected)).toBe("reference_changes_nothing");
    expect(one.written()).toEqual(["found E phone:exact"]);
    expect(one.asked).toEqual([`phone:${OWN}`]);
  });

  it("replaces a customer who was found by national digits", async () => {
    const one = pipeline({ [`phone:${OWN}`]: person("N", "national"), [R]: person("R") });
    await one.start();
    await one.attributes(collected);
    expect(one.written()).toEqual(["found N phone:national", "found R reference"]);
  });

  it("that came before the start is used by the start", async () => {
    const one = pipeline({});
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written()).toEqual([]);
    await one.start();
    expect(one.asked).toEqual([R, `phone:${OWN}`, R]);
    expect(one.written()).toEqual(["not_found"]);
  });

  it("that nobody has replaces nothing, not even after a restart that forgot what was written", async () => {
    const one = pipeline({});
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written()).toEqual([]);
  });

  it("is tried again when the caller types another", async () => {
    const one = pipeline({ "reference:AC-1008": person("S") });
    await one.start();
    await one.attributes(collected);
    await one.attributes({ customer_reference: "AC-1008" });
    expect(one.written()).toEqual(["not_found", "found S reference"]);
  });

  it.each([
    ["", "recorded"],
    ["; DROP", "recorded"],
    [17, "recorded"],
    [null, "recorded"],
    ["x".repeat(41), "recorded"],
  ])("is not one: %j", async (value, expected) => {
    const one = pipeline({});
    await one.start();
    expect(await one.attributes({ customer_reference: value })).toBe(expected);
    expect(one.asked).toEqual([`phone:${OWN}`]);
  });

  it("of a session that has ended is left alone", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start();
    await one.end();
    expect(await one.attributes(collected)).toBe("conversation_ended");
  });
});

describe("the participant's own contact", () => {
  it("is looked up if nobody has the number, and again if that failed", async () => {
    const oracle: Record<string, History | Error> = { [`phone:${OTHER}`]: oracleFailure() };
    const one = pipeline(oracle, [OTHER]);
    expect(await one.start({ externalContactId: "k1" })).toBe("waiting");
    oracle[`phone:${OTHER}`] = person("C");
    expect(await one.start({ externalContactId: "k1" })).toBe("handled");
    expect(one.written()).toEqual(["found C contact"]);
  });

  it("that is named later decides between several customers", async () => {
    const several = { match: "ambiguous" } as const;
    const one = pipeline({ [`phone:${OWN}`]: several, [`phone:${OTHER}`]: person("C") }, [OTHER]);
    await one.start();
    expect(await one.contact()).toBe("handled");
    expect(await one.contact()).toBe("contact_changes_nothing");
    expect(one.written()).toEqual(["ambiguous", "found C contact"]);
  });

  it("that nobody has leaves what was written", async () => {
    const one = pipeline({ [`phone:${OWN}`]: { match: "ambiguous" } }, [OTHER]);
    await one.start();
    expect(await one.contact()).toBe("handled");
    expect(one.written()).toEqual(["ambiguous"]);
  });
});
