import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import type { Identity } from "../../../src/domain/identity/identity.ts";
import { phoneIdentity } from "../../../src/domain/identity/phone.ts";
import {
  checkedCondition,
  contactsWith,
  isAttributeName,
  requestsOf,
} from "../../../src/oracle/fusion/row-match.ts";
import { parseRowMatch } from "../../../src/sandbox/simulators/oracle-cx/fusion/query.ts";
import { holdsForMany, hostile } from "../../support/hostile.ts";

const ATTRIBUTES = ["RawMobileNumber", "RawWorkPhoneNumber"];

function phone(number: string, ...spellings: string[]): Identity {
  return { kind: "phone", number, spellings } as unknown as Identity;
}

function email(address: string): Identity {
  return { kind: "email", address } as unknown as Identity;
}

describe("the condition", () => {
  it("compares every form of a number with every attribute", () => {
    const identity = phoneIdentity("+491701234567", "DE", "typed");
    if (identity === undefined) throw new Error("no number");
    const { joinedBy, comparisons } = parseRowMatch(contactsWith(identity, ATTRIBUTES));
    expect(joinedBy).toBe("or");
    expect(comparisons.map(({ attribute }) => attribute)).toEqual(ATTRIBUTES);
    for (const { values } of comparisons) {
      expect(values).toEqual(
        expect.arrayContaining(["+491701234567", "491701234567", "01701234567", "1701234567"]),
      );
    }
  });

  it("compares an address", () => {
    expect(contactsWith(email("ada@example.com"), ATTRIBUTES)).toBe(
      "EmailAddress = 'ada@example.com'",
    );
  });

  it("compares a party's id with all its digits", () => {
    expect(requestsOf("300000000000001101")).toBe("PrimaryContactPartyId = 300000000000001101");
    for (const id of ["", "1 or 1=1", "1;x", "-1", "9".repeat(19)]) {
      expect(() => requestsOf(id)).toThrow("was not sent");
    }
  });

  it("stays short enough for a URL", () => {
    const many = Array.from({ length: 8 }, (_, i) => `${"A".repeat(59)}${i}`);
    const text = contactsWith(phone("+123456789012345", "(123) 456-7890", "00123456789012"), many);
    expect(encodeURIComponent(text).length).toBeLessThan(8_000);
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
    comparisons.length === attributes.length &&
    comparisons.every(
      ({ attribute, values }, index) =>
        attribute === attributes[index] && values.every((value) => !/['"\\;\n]/.test(value)),
    )
  );
}

describe("100,000 hostile identifiers", () => {
  it("make a condition in our form, or none", () => {
    let conditions = 0;
    const check = (identity: Identity, attributes: readonly string[]) => {
      const text = built(() => contactsWith(identity, ATTRIBUTES));
      if (text === undefined) return;
      conditions += 1;
      if (!isOurs(text, attributes)) throw new Error(text);
    };
    holdsForMany(
      fc.property(hostile, (text) => {
        check(email(text), ["EmailAddress"]);
        check(phone(text, `+1555${text}`, text), ATTRIBUTES);
        const read = emailAddress(text);
        if (read !== undefined) check(email(read), ["EmailAddress"]);
        const number = phoneIdentity(text, "US", "typed");
        if (number !== undefined) check(number, ATTRIBUTES);
        const passed = built(() => checkedCondition(text));
        if (passed !== undefined) throw new Error(passed);
      }),
    );
    expect(conditions).toBeGreaterThan(1_000);
  });
});
