import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emailAddress, readMailbox } from "../../../../src/domain/identity/email.ts";

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
  "ada\\@example.com",
  "ada\n@example.com",
  "ada\u0000@example.com",
  "ada@example.com\nbcc: x",
  "ädä@example.com",
  "ada＠example.com",
  "ada@bob@example.com",
  `${"a".repeat(65)}@example.com`,
  `ada@${"a.".repeat(125)}example`,
])("not an address: %j", (text) => {
  expect(emailAddress(text)).toBeUndefined();
});

describe("what RFC 5321 allows", () => {
  test.each([
    "pat.o'brien@example.com",
    "dept/ada@example.com",
    "*@example.com",
    "a?b^c`d{e|f}g@example.com",
    "!#$%&'*+-/=?^_`{|}~@example.com",
    "c=us/a=admd/o=acme@example.com",
    `${"a".repeat(64)}@example.com`,
    `ada@${"a".repeat(63)}.example`,
  ])("%s", (text) => {
    expect(readMailbox(text)).toEqual({ address: text, spellings: [] });
  });

  test.each([
    ['"ada"@example.com', "ada@example.com"],
    ['"a\\da.b"@example.com', "ada.b@example.com"],
    ['"ada lovelace"@example.com', '"ada lovelace"@example.com'],
    ['"ada@home"@example.com', '"ada@home"@example.com'],
    ['"a..b"@example.com', '"a..b"@example.com'],
    ['"o\'brien, pat"@example.com', '"o\'brien, pat"@example.com'],
    ["ada@example.com.", "ada@example.com"],
  ])("in its plainest form: %s", (text, address) => {
    expect(readMailbox(text)?.address).toBe(address);
  });

  test.each([
    '"ada;bob"@example.com',
    '"ada\\\\bob"@example.com',
    '"ada\\"bob"@example.com',
    '"ada"bob"@example.com',
    '"ada\tbob"@example.com',
    '"ada\u0000"@example.com',
    '""@example.com',
    '"ada@example.com',
    `"${"a b".repeat(21)}"@example.com`,
    "ada@example.com..",
    "ada@[192.0.2.1]",
    "ada@[IPv6:2001:db8::1]",
    "ada@1.2",
    "ada@０.０.０.１",
    "\u212aelvin@example.com",
    "ada@exam%70le.com",
    "ada@exämple.com/x",
    "ada@exämple.com:80",
    "ada@exämple.com?x",
    "ada@ex_ämple.com",
    "ada@exam\u200dple.com",
    "ada@☃.example",
    `ada@${"ü".repeat(63)}.example`,
    `ada@${"ü.".repeat(40)}example`,
  ])("nobody: %j", (text) => {
    expect(readMailbox(text)).toBeUndefined();
  });
});

describe("the forms in which Oracle may hold an address", () => {
  test.each<[string, string, string[]]>([
    ["Ada@Example.com", "ada@example.com", ["Ada@Example.com"]],
    ["ada@exämple.com", "ada@xn--exmple-cua.com", ["ada@exämple.com"]],
    ["ada@exa\u0308mple.com", "ada@xn--exmple-cua.com", ["ada@exämple.com"]],
    ["Ada@EXÄMPLE.com", "ada@xn--exmple-cua.com", ["Ada@EXÄMPLE.com", "ada@exämple.com"]],
    ["ada@xn--exmple-cua.com", "ada@xn--exmple-cua.com", ["ada@exämple.com"]],
    [
      "ada@XN--EXMPLE-CUA.com.",
      "ada@xn--exmple-cua.com",
      ["ada@XN--EXMPLE-CUA.com", "ada@exämple.com"],
    ],
    ["ada@straße.example", "ada@xn--strae-oqa.example", ["ada@straße.example"]],
    ["ada@例え。テスト", "ada@xn--r8jz45g.xn--zckzah", ["ada@例え。テスト", "ada@例え.テスト"]],
    ["ada@نامه\u200cای.example", "ada@xn--mgba3gch31f060k.example", ["ada@نامه\u200cای.example"]],
    ["ada@xn--zzzzzzz99.example", "ada@xn--zzzzzzz99.example", []],
  ])("%s", (text, address, spellings) => {
    expect(readMailbox(text)).toEqual({ address, spellings });
  });
});

test("any address follows the grammar, and is read as itself again", () => {
  const local = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
  const domain = fc.constantFrom("example.com", "Exämple.de.", "a.b", "[192.0.2.1]", "例え.テスト");
  const made = fc.tuple(local, domain).map(([left, right]) => `${left}@${right}`);
  const quoted = fc.tuple(local, domain).map(([left, right]) => `"${left}"@${right}`);
  fc.assert(
    fc.property(
      fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" }), made, quoted),
      (text) => {
        const mailbox = readMailbox(text);
        if (mailbox === undefined) return;
        const { address, spellings } = mailbox;
        expect(address).toMatch(
          /^(?:[a-z0-9!#$%&'*+\-/=?^_`{|}~.]+|"[ -~]+")@[a-z0-9.-]+\.[a-z][a-z0-9-]+$/,
        );
        expect(address).not.toMatch(/[;\\]/);
        expect(address.length).toBeLessThanOrEqual(254);
        expect(readMailbox(address)?.address).toBe(address);
        expect(new Set([address, ...spellings]).size).toBe(spellings.length + 1);
        for (const spelling of spellings) expect(readMailbox(spelling)?.address).toBe(address);
      },
    ),
    { numRuns: 1_000 },
  );
});
