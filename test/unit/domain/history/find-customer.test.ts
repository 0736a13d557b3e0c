import { describe, expect, it } from "vitest";
import { findCustomer } from "../../../../src/domain/history/find-customer.ts";
import type { History } from "../../../../src/domain/history/history.ts";
import { safeReference } from "../../../../src/domain/history/safe-text.ts";
import { identifyAddress } from "../../../../src/domain/identity/customer.ts";
import { identityKey } from "../../../../src/domain/identity/identity.ts";
import type { Rank } from "../../../../src/domain/identity/rank.ts";
import { readReference } from "../../../../src/domain/identity/reference.ts";
import { epochMs } from "../../../../src/domain/time.ts";
import { FOUND, liveCall } from "../../../support/histories.ts";

const OWN = "+17275550198";
const OTHER = "+12125550142";
const THIRD = "+13055550111";

function person(id: string, rank: Rank = "exact"): History {
  if (FOUND.match !== "found") throw new TypeError("nobody is found");
  return { ...FOUND, rank, customer: { ...FOUND.customer, id: safeReference(id) } };
}

interface Keys {
  readonly own?: string;
  readonly reference?: string;
  readonly contact?: readonly string[];
}

/** Finds a customer in a store of histories by identity key, and says what was asked. */
async function find(keys: Keys, store: Readonly<Record<string, History>>) {
  const asked: string[] = [];
  const found = await findCustomer(
    {
      own: identifyAddress(keys.own ?? "", { defaultRegion: "US" }),
      reference: readReference(keys.reference),
      contactId: keys.contact && "contact-1",
    },
    {
      defaultRegion: "US",
      findHistory(identity) {
        asked.push(identityKey(identity));
        const history = store[identityKey(identity)] ?? { match: "not_found" };
        return Promise.resolve({ history, asOf: epochMs(1), cached: false });
      },
      findContact(id) {
        asked.push(id);
        return Promise.resolve({ phones: keys.contact ?? [], emails: ["ada@example.com"] });
      },
    },
    liveCall(),
  );
  if (found.kind === "no_key") return { asked, result: found.why };
  const { history } = found;
  const result =
    history.match === "found" ? `${history.customer.id} by ${history.matchedBy}` : history.match;
  return { asked, result };
}

describe("the usual case costs one lookup", () => {
  it.each([
    ["exact", person("A"), "A by phone:exact"],
    ["national digits", person("A", "national"), "A by phone:national"],
  ] as const)("%s", async (_, history, result) => {
    const found = await find({ own: OWN, contact: [OTHER] }, { [`phone:${OWN}`]: history });
    expect(found).toEqual({ asked: [`phone:${OWN}`], result });
  });
});

describe("a reference", () => {
  it("finds whom the number does not", async () => {
    const found = await find(
      { own: OWN, reference: "ac-1007" },
      { "reference:AC-1007": person("R") },
    );
    expect(found).toEqual({
      asked: [`phone:${OWN}`, "reference:AC-1007"],
      result: "R by reference",
    });
  });

  it.each([
    ["several share the number", { match: "ambiguous" } as const, "R by reference"],
    ["only the national digits are equal", person("N", "national"), "R by reference"],
    ["the number is exact", person("E"), "E by phone:exact"],
  ])("%s", async (_, own, result) => {
    const store = { [`phone:${OWN}`]: own, "reference:AC-1007": person("R") };
    expect(await find({ own: OWN, reference: "AC-1007" }, store)).toMatchObject({ result });
  });

  it("that nobody has leaves what the number found", async () => {
    const store = { [`phone:${OWN}`]: person("N", "national") };
    expect(await find({ own: OWN, reference: "AC-1007" }, store)).toMatchObject({
      result: "N by phone:national",
    });
  });
});

describe("the participant's own contact", () => {
  it("finds a caller whose own number nobody has, by its other number", async () => {
    const store = { [`phone:${OTHER}`]: person("C") };
    expect(await find({ own: OWN, contact: [OWN, OTHER] }, store)).toEqual({
      asked: [`phone:${OWN}`, "contact-1", `phone:${OTHER}`],
      result: "C by contact",
    });
  });

  it("decides between several who share the number", async () => {
    const store = {
      [`phone:${OWN}`]: { match: "ambiguous" },
      "email:ada@example.com": person("C"),
    } as const;
    expect(await find({ own: OWN, contact: [OWN] }, store)).toMatchObject({
      result: "C by contact",
    });
  });

  it("is looked up by three keys at most", async () => {
    const contact = [OWN, OTHER, THIRD, "+14045550123", "+16175550123"];
    const { asked } = await find({ contact }, {});
    expect(asked).toEqual(["contact-1", `phone:${OWN}`, `phone:${OTHER}`, `phone:${THIRD}`]);
  });

  it("whom nobody knows leaves several customers ambiguous, and an unknown one not found", async () => {
    const several = { [`phone:${OWN}`]: { match: "ambiguous" } } as const;
    expect(await find({ own: OWN, contact: [OTHER] }, several)).toMatchObject({
      result: "ambiguous",
    });
    expect(await find({ own: OWN, contact: [OTHER] }, {})).toMatchObject({ result: "not_found" });
  });
});

it("a cached history gives the same object to every caller, so that answers are built once", async () => {
  const history = person("A");
  const keys = {
    own: identifyAddress(OWN, { defaultRegion: "US" }),
    reference: undefined,
    contactId: undefined,
  };
  const deps = {
    defaultRegion: "US" as const,
    findHistory: () => Promise.resolve({ history, asOf: epochMs(1), cached: true }),
    findContact: () => Promise.resolve(undefined),
  };
  const [one, other] = [
    await findCustomer(keys, deps, liveCall()),
    await findCustomer(keys, deps, liveCall()),
  ];
  if (one.kind === "no_key" || other.kind === "no_key") throw new Error("no key");
  expect(one.history).toBe(other.history);
});

it("without any usable key Oracle is not called, and the reason is the own address's", async () => {
  expect(await find({ own: "sip:anonymous@anonymous.invalid" }, {})).toEqual({
    asked: [],
    result: "withheld",
  });
  expect(await find({}, {})).toEqual({ asked: [], result: "no_address" });
});
