import fc from "fast-check";
import { expect, test } from "vitest";
import { emailAddress } from "../../../../src/domain/identity/email.ts";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["  Ada.Example@Example.COM ", "ada.example@example.com"],
  ["Ada Example <ada@example.com>", "ada@example.com"],
  ['"Example, Ada" <ada@example.com>', "ada@example.com"],
  ["ada+cases@mail.example.co.uk", "ada+cases@mail.example.co.uk"],
  ["bounce=ada_1@example.xn--p1ai", "bounce=ada_1@example.xn--p1ai"],
])("%s", (text, address) => {
  expect(emailAddress(text)).toBe(address);
});

test.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "ada@localhost",
  "ada@example",
  "ada@example.c",
  "ada@-example.com",
  "ada@example..com",
  "ada@10.20.30.40",
  ".ada@example.com",
  "ada.@example.com",
  "a..da@example.com",
  "ada @example.com",
  "ada@exam ple.com",
  "ada;bob@example.com",
  "ada@example.com;DELETE FROM incidents",
  "o'brien@example.com",
  '"ada"@example.com',
  "ada`@example.com",
  "ada\\@example.com",
  "ada\n@example.com",
  "ada\u0000@example.com",
  "ada@example.com\nbcc: x",
  "ädä@example.com",
  "ada@exämple.com",
  "ada＠example.com",
  "ada@bob@example.com",
  `${"a".repeat(65)}@example.com`,
  `ada@${"a.".repeat(125)}example`,
])("not an address: %j", (text) => {
  expect(emailAddress(text)).toBeUndefined();
});

test("any address has allowed characters only, and is read as itself again", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" })), (text) => {
      const address = emailAddress(text);
      if (address === undefined) return;
      expect(address).toMatch(/^[a-z0-9_+&=~#!$%.-]+@[a-z0-9.-]+$/);
      expect(address.length).toBeLessThanOrEqual(254);
      expect(emailAddress(address)).toBe(address);
    }),
  );
});
