import { describe, expect, test } from "vitest";
import { readLookupArguments, UnreadableArgument } from "../../../src/cli/lookup-argument.ts";

test.each([
  ["(555) 019-9999", "phone"],
  ["sip:+15550199999@10.20.30.40", "phone"],
  ["Ada Example <ada@example.com>", "email"],
  ["mailto:ada%40example.com", "email"],
])("%s is looked up by %s", (who, by) => {
  expect(readLookupArguments(who, undefined, "US")).toEqual({ by, address: who });
});

test("a reference is used with the number, or alone", () => {
  const reference = "AC-1007";
  expect(readLookupArguments("+15550199999", "ac-1007", "US")).toEqual({
    ...{ by: "phone", address: "+15550199999", reference },
  });
  expect(readLookupArguments(undefined, "ac-1007", "US")).toEqual({ by: "reference", reference });
});

test.each([
  [undefined, undefined, "no customer is named"],
  ["+15550199999", "1;2", '"1;2" is not an account, customer or case number'],
  [undefined, "", '"" is not an account, customer or case number'],
])("%j with the reference %j is refused", (who, collected, message) => {
  expect(() => readLookupArguments(who, collected, "US")).toThrow(message);
});

function errorOf(who: string): UnreadableArgument {
  try {
    readLookupArguments(who, undefined, "DE");
  } catch (error) {
    if (error instanceof UnreadableArgument) return error;
  }
  throw new Error(`${who} was read`);
}

describe("an unreadable argument", () => {
  test.each([
    ["", "no_address", '"" is empty'],
    ["anonymous", "withheld", '"anonymous" stands for a withheld number'],
    ["ext:99", "internal", '"ext:99" is an internal extension or station'],
    ["112", "short_number", '"112" is too short for a telephone number'],
    ["ada@", "opaque", '"ada@" is neither a telephone number nor an email address'],
    ["ada@example", "opaque", '"ada@example" is neither a telephone number nor an email address'],
    [
      "+99912345678",
      "invalid_number",
      '"+99912345678" is not a telephone number of any country, read for the region DE',
    ],
  ])("%j: %s", (who, why, what) => {
    const error = errorOf(who);
    expect(error.why).toBe(why);
    expect(error.message).toBe(`${what}; no request was sent to Oracle`);
    expect(error.cure).toContain("DEFAULT_PHONE_REGION (DE)");
    // `main` exits with 2 for this kind.
    expect(error.kind).toBe("misconfigured");
  });

  test("is cut, and cannot move the cursor of the terminal", () => {
    expect(errorOf("\u001b[2J\u009b2J\u202eabc").message).toContain(
      '"\\u001b[2J\\u{9b}2J\\u{202e}abc" is neither',
    );
    expect(errorOf("x".repeat(10_000)).message.length).toBeLessThan(250);
  });
});
