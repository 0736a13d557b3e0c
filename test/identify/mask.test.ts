import { expect, test } from "vitest";
import { emailAddress } from "../../src/identify/email.ts";
import { maskIdentity } from "../../src/identify/mask.ts";
import { phoneIdentity } from "../../src/identify/phone.ts";

test.each([
  ["+15550199999", "+1555…99"],
  ["+4930901820", "+493…20"],
  ["+491701234567", "+4917…67"],
  ["+2908123", "+2…23"],
])("%s", (number, masked) => {
  const identity = phoneIdentity(number, "US", "typed");
  expect(identity && maskIdentity(identity)).toBe(masked);
});

test.each([
  ["ada@example.com", "a…@example.com"],
  ["al@example.com", "…@example.com"],
])("%s", (text, masked) => {
  const address = emailAddress(text);
  expect(address && maskIdentity({ kind: "email", address })).toBe(masked);
});
