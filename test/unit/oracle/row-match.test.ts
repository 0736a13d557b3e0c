import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import { phoneIdentity } from "../../../src/domain/identity/phone.ts";
import { type CustomerQuery, queryOf } from "../../../src/oracle/dialect/customer-query.ts";
import {
  checkedCondition,
  contactsWith,
  contactsWithAddress,
  isAttributeName,
  requestsOf,
  requestsWith,
} from "../../../src/oracle/fusion/row-match.ts";
import { parseRowMatch } from "../../../src/sandbox/simulators/oracle-cx/fusion/query.ts";
import { holdsForMany, hostile } from "../../support/hostile.ts";

const PHONES = ["RawMobileNumber", "RawWorkPhoneNumber"];
const ATTRIBUTES = { phones: PHONES, references: ["PartyNumber"] };

/** A query as it should never be: nothing is checked. */
function phone(number: string, ...texts: string[]): CustomerQuery {
  const spellings = texts.map((text) => ({ text, rank: "national" as const }));
  return { kind: "phone", number, spellings, rankOf: () => "exact" } as unknown as CustomerQuery;
}

type EmailQuery = Extract<CustomerQuery, { kind: "email" }>;

function email(address: string, ...spellings: string[]): EmailQuery {
  return { kind: "email", address, spellings } as unknown as EmailQuery;
}

function reference(text: string): CustomerQuery {
  return { kind: "reference", reference: text } as unknown as CustomerQuery;
}

describe("the condition", () => {
  it("compares every form of a number with every attribute", () => {
    const identity = phoneIdentity("+491701234567", "DE", "typed");
    if (identity === undefined) throw new Error("no number");
    const { joinedBy, comparisons } = parseRowMatch(
      contactsWith(queryOf(identity, ["49"]), ATTRIBUTES),
    );
    expect(joinedBy).toBe("or");
    expect(comparisons.map(({ attribute }) => attribute)).toEqual(PHONES);
    for (const { values } of comparisons) {
      expect(values).toEqual(
        expect.arrayContaining(["+491701234567", "491701234567", "01701234567", "1701234567"]),
      );
    }
  });

  it.each([
    ["ada@example.com", [], "upper(EmailAddress) = 'ADA@EXAMPLE.COM'"],
    ["ada@example.com", ["Ada@Example.com"], "upper(EmailAddress) = 'ADA@EXAMPLE.COM'"],
    ["pat.o'brien@example.com", [], "upper(EmailAddress) = 'PAT.O''BRIEN@EXAMPLE.COM'"],
    [
      "a@xn--mller-kva.example",
      ["a@m\u00fcller.example"],
      "upper(EmailAddress) = 'A@XN--MLLER-KVA.EXAMPLE' or upper(EmailAddress) = 'A@M\u00dcLLER.EXAMPLE'",
    ],
    // No single letter is its capital.
    [
      "a@xn--strae-oqa.example",
      ["a@stra\u00dfe.example"],
      "upper(EmailAddress) = 'A@XN--STRAE-OQA.EXAMPLE' or upper(EmailAddress) = 'A@STRA\u00dfE.EXAMPLE'",
    ],
  ])("compares %s without regard to case", (address, spellings, expected) => {
    expect(contactsWith(email(address, ...spellings), ATTRIBUTES)).toBe(expected);
  });

  it("compares an address as it may be stored, for tenants without upper()", () => {
    expect(contactsWithAddress(email("o'b@example.com", "O'B@Example.com"))).toBe(
      "EmailAddress in ('o''b@example.com','O''B@Example.com')",
    );
  });

  it("compares a reference with every attribute, and with the numbers of requests", () => {
    const attributes = { ...ATTRIBUTES, references: ["PartyNumber", "AccountNumber_c"] };
    const condition = "PartyNumber = '000417' or AccountNumber_c = '000417'";
    expect(contactsWith(reference("000417"), attributes)).toBe(condition);
    expect(requestsWith("000417")).toBe("SrNumber in ('000417','SR000417')");
    expect(requestsWith("SR-7")).toBe("SrNumber in ('SR-7')");
    for (const text of ["", "a", "A B", "A'B", "A;B", "\u0663\u0663\u0663", "A".repeat(45)]) {
      expect(() => contactsWith(reference(text), attributes)).toThrow("was not sent");
      expect(() => requestsWith(text)).toThrow("was not sent");
    }
  });

  it("compares a party's id with all its digits", () => {
    expect(requestsOf("300000000000001101")).toBe("PrimaryContactPartyId = 300000000000001101");
    expect(requestsOf("1", "2")).toBe("PrimaryContactPartyId in (1,2)");
    for (const id of ["", "1 or 1=1", "1;x", "-1", "9".repeat(19)]) {
      expect(() => requestsOf(id)).toThrow("was not sent");
    }
  });

  it("asks for no digits that are somebody else's number", () => {
    const identity = phoneIdentity("+6562234567", "US", "typed");
    if (identity === undefined) throw new Error("no number");
    const texts = contactsWith(queryOf(identity, ["1"]), ATTRIBUTES);
    expect(texts).toContain("'+6562234567'");
    expect(texts).not.toContain("'6562234567'");
  });

  it("stays short enough for a URL", () => {
    const many = Array.from({ length: 8 }, (_, i) => `${"A".repeat(59)}${i}`);
    const spellings = Array.from({ length: 40 }, (_, i) => `(123) 456-78${10 + i} / 1234`);
    const text = contactsWith(phone("+123456789012345", ...spellings), {
      ...{ phones: many, references: [] },
    });
    expect(encodeURIComponent(text).length).toBeLessThan(7_000);
    expect(text).toContain("'+123456789012345'");
  });
});

it.each([
  ["RawMobileNumber", true],
  ["Custom_c", true],
  ["", false],
  ["A or 1", false],
  ["A,B", false],
  ["rawNumber", false],
])("attribute %j: %s", (name, allowed) => {
  expect(isAttributeName(name)).toBe(allowed);
});

/** The condition, or undefined if it is refused with the right failure. */
function built(build: () => string): string | undefined {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "bad_request") throw error;
    return undefined;
  }
}

/** Whether the simulator's independent parser reads one comparison for each attribute, joined by `or`. */
function isOurs(text: string, attributes: readonly string[]): boolean {
  const { joinedBy, comparisons } = parseRowMatch(text);
  return (
    joinedBy === "or" &&
    comparisons.length <= attributes.length &&
    comparisons.every(
      ({ attribute, values }, index) =>
        attribute === attributes[index] && values.every((value) => !/[\r\n\t"\\;,]/.test(value)),
    )
  );
}

describe("100,000 hostile identifiers", () => {
  it("make a condition in our form, or none", () => {
    let conditions = 0;
    const check = (identity: CustomerQuery, attributes: readonly string[]) => {
      const text = built(() => contactsWith(identity, ATTRIBUTES));
      if (text === undefined) return;
      conditions += 1;
      if (!isOurs(text, attributes)) throw new Error(text);
    };
    holdsForMany(
      fc.property(hostile, (text) => {
        check(email(text), ["EmailAddress"]);
        check(email("a@b.co", text, `a@${text}`), ["EmailAddress", "EmailAddress"]);
        check(phone(text, `+1555${text}`, text), PHONES);
        check(reference(text), ["PartyNumber"]);
        const read = emailAddress(text);
        if (read !== undefined) check(email(read), ["EmailAddress"]);
        const number = phoneIdentity(text, "US", "typed");
        if (number !== undefined) check(queryOf(number, ["1"]), PHONES);
        const passed = built(() => checkedCondition(text));
        if (passed !== undefined) throw new Error(passed);
      }),
    );
    expect(conditions).toBeGreaterThan(1_000);
  });
});
