import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import type { Identity } from "../../../src/domain/identity/identity.ts";
import { phoneIdentity } from "../../../src/domain/identity/phone.ts";
import {
  checkedRoql,
  contactsAlone,
  contactsAndIncidents,
  incidentsOf,
  isCustomField,
  isPhonePrefix,
  type Roql,
} from "../../../src/oracle/b2c/roql.ts";
import {
  type Condition,
  parseRoql,
} from "../../../src/sandbox/simulators/oracle-cx/b2c/roql-parse.ts";
import { holdsForMany, hostile, once } from "../../support/hostile.ts";

const OPTIONS = {
  incidents: 20,
  names: true,
  phonePrefixes: [],
  customFields: [],
  customerFields: [],
};

function phone(number: string, ...spellings: string[]): Identity {
  return { kind: "phone", number, spellings } as unknown as Identity;
}

function email(address: string): Identity {
  return { kind: "email", address } as unknown as Identity;
}

describe("the one request", () => {
  it("selects contacts and open incidents by number", () => {
    const { text, statements } = contactsAndIncidents(
      phone("+15550199999", "15550199999", "5550199999", "(555) 019-9999"),
      OPTIONS,
    );
    expect(statements).toBe(2);
    expect(text.split(";")).toEqual([
      "SELECT C.ID, C.Organization.Name, C.Name.First, C.Name.Last FROM Contacts C " +
        "WHERE C.Phones.RawNumber IN ('15550199999','5550199999') LIMIT 20",
      "SELECT I.ID, I.ReferenceNumber, I.Subject, I.StatusWithType.Status.LookupName, " +
        "I.UpdatedTime, I.PrimaryContact.ParentContact.ID FROM Incidents I " +
        "WHERE I.PrimaryContact.ParentContact.Phones.RawNumber IN ('15550199999','5550199999') " +
        "AND I.StatusWithType.StatusType.ID != 2 ORDER BY I.UpdatedTime DESC LIMIT 20",
    ]);
  });

  it("selects by email, without names if they are not shown", () => {
    const { text } = contactsAlone(email("ada@example.com"), { ...OPTIONS, names: false });
    expect(text).toBe(
      "SELECT C.ID, C.Organization.Name FROM Contacts C " +
        "WHERE C.Emails.Address = 'ada@example.com' LIMIT 20",
    );
  });

  it.each([
    ["+491701234567", "DE", ["491701234567", "1701234567", "01701234567", "00491701234567"]],
    ["+442071838750", "GB", ["442071838750", "2071838750", "02071838750", "00442071838750"]],
    ["+15550199999", "US", ["15550199999", "5550199999", "0015550199999"]],
    // In Italy the leading zero is part of the number.
    ["+390612345678", "IT", ["390612345678", "0612345678", "00390612345678"]],
  ] as const)("compares %s in every usual form", (number, region, expected) => {
    const identity = phoneIdentity(number, region, "typed");
    if (identity === undefined) throw new Error("no number");
    expect(valuesOf(contactsAlone(identity, OPTIONS))).toEqual(expected);
  });

  it("compares numbers with the site's own prefixes, too", () => {
    const options = { ...OPTIONS, phonePrefixes: ["9", "011"] };
    const query = contactsAlone(phone("+15550199999", "5550199999"), options);
    expect(valuesOf(query)).toEqual([
      ...["15550199999", "5550199999"],
      ...["95550199999", "915550199999", "0115550199999", "01115550199999"],
    ]);
  });

  it("stays short enough for a URL with the longest configuration", () => {
    const field = `CustomFields.${"p".repeat(60)}.${"f".repeat(60)}`;
    const longest = {
      ...{ names: true, incidents: 100, phonePrefixes: ["1234", "2345", "3456", "4567"] },
      customFields: Array.from({ length: 8 }, () => field),
      customerFields: [],
    };
    const number = phone("+123456789012345", "1234567890", "00123456789012");
    const local = "#".repeat(64);
    for (const identity of [number, email(`${local}@${"a".repeat(189)}`)]) {
      const { text } = contactsAndIncidents(identity, longest);
      expect(encodeURIComponent(text).length).toBeLessThan(4_000);
    }
  });

  it("selects the incidents of one contact", () => {
    expect(incidentsOf("12", OPTIONS).text).toContain("ParentContact.ID = 12 AND");
    for (const id of ["", "1;DELETE FROM incidents", "1 OR 1", "-1", "1e9", "9".repeat(19)]) {
      expect(() => incidentsOf(id, OPTIONS)).toThrow("was not sent");
    }
  });
});

describe("what may become part of a query", () => {
  it.each([
    ["CustomFields.c.level", true],
    ["CustomFields.Loyalty.card_level", true],
    ["CustomFields.c", false],
    ["Customfields.c.level", false],
    ["CustomFields.c.level, I.Threads.Text", false],
    ["CustomFields.c.level;DELETE", false],
    ["CustomFields.c.a.b", false],
    ["", false],
  ])("custom field %j: %s", (path, allowed) => {
    expect(isCustomField(path)).toBe(allowed);
    if (path === "") return;
    const build = () => incidentsOf("1", { ...OPTIONS, customFields: [path] });
    if (allowed) expect(build().text).toContain(`, I.${path} FROM`);
  });

  it.each([
    ["0", true],
    ["011", true],
    ["", false],
    ["+1", false],
    ["0'", false],
    ["00000", false],
    ["٤", false],
  ])("prefix %j: %s", (digits, allowed) => {
    expect(isPhonePrefix(digits)).toBe(allowed);
  });
});

/** The structure of a query without its data, as the simulator's independent parser reads it. */
function shapeOf(text: string): unknown {
  const blank = (condition: Condition): unknown => {
    switch (condition.kind) {
      case "and":
      case "or":
        return { ...condition, sides: condition.sides.map(blank) };
      case "in":
        return { ...condition, values: "some" };
      case "compare":
        return /^2$/.test(condition.value) ? condition : { ...condition, value: "some" };
      case "null":
        return condition;
    }
  };
  return parseRoql(text).map((statement) =>
    statement.kind === "delete"
      ? statement
      : { ...statement, where: statement.where && blank(statement.where) },
  );
}

/** The values in the list of the first statement. */
function valuesOf({ text }: Pick<Roql, "text">): readonly string[] {
  const [statement] = parseRoql(text);
  const where = statement?.kind === "select" ? statement.where : undefined;
  const sides = where?.kind === "or" ? where.sides : [];
  const [condition] = sides.flatMap((side) => ("sides" in side ? side.sides : [side]));
  return condition?.kind === "in" ? condition.values : [];
}

function areNumbers(values: readonly string[]): boolean {
  return values.length > 0 && values.every((value) => /^[0-9]{6,15}$/.test(value));
}

/** The query, or undefined if it is refused with the right failure. */
function built(build: () => Roql): Roql | undefined {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "bad_request") throw error;
    return undefined;
  }
}

/** Two SELECTs without an alternative in their conditions. */
function areTwoPlainSelects(text: string): boolean {
  const statements = parseRoql(text);
  const isPlain = (condition: Condition): boolean =>
    !("sides" in condition) ||
    ((condition.kind === "and" || condition.sides.length === 1) && condition.sides.every(isPlain));
  return (
    statements.length === 2 &&
    statements.every(({ kind, ...rest }) => {
      const where = "where" in rest ? rest.where : undefined;
      return kind === "select" && where !== undefined && isPlain(where);
    })
  );
}

/** How many of the texts pass the last check. Each of them must be good. */
function checkTexts(texts: readonly string[], isGood: (text: string) => boolean): number {
  const passed = texts.filter((text) => built(() => checkedRoql(text, 2)) !== undefined);
  for (const text of passed) if (!isGood(text)) throw new Error(text);
  return passed.length;
}

/** How many of the identities make a query. Each query must be good. */
function checkEach(
  identities: readonly (Identity | undefined)[],
  isGood: (text: string) => boolean,
): number {
  const queries = identities
    .filter((identity) => identity !== undefined)
    .map((identity) => built(() => contactsAndIncidents(identity, OPTIONS)))
    .filter((query) => query !== undefined);
  for (const { text } of queries) if (!isGood(text)) throw new Error(text);
  return queries.length;
}

const PHONE_SHAPE = JSON.stringify(
  shapeOf(contactsAndIncidents(phone("+15550199999"), OPTIONS).text),
);
const EMAIL_SHAPE = JSON.stringify(shapeOf(contactsAndIncidents(email("a@b.co"), OPTIONS).text));

describe("100,000 hostile identifiers", () => {
  it("as an address, through the whole identification and without it", () => {
    let queries = 0;
    const isGood = once((text) => {
      encodeURIComponent(text);
      return JSON.stringify(shapeOf(text)) === EMAIL_SHAPE;
    });
    holdsForMany(
      fc.property(hostile, (text) => {
        const read = emailAddress(text);
        const identities = [email(text), email(`${text}@example.com`), read && email(read)];
        queries += checkEach(identities, isGood);
      }),
    );
    expect(queries).toBeGreaterThan(1_000);
  });

  it("as a number and its spellings, through the whole identification and without it", () => {
    let queries = 0;
    const isGood = once(
      (text) => JSON.stringify(shapeOf(text)) === PHONE_SHAPE && areNumbers(valuesOf({ text })),
    );
    holdsForMany(
      fc.property(hostile, (text) => {
        const read = phoneIdentity(text, "US", "typed");
        const identities = [phone(text, text), phone("+15550199999", text, `${text}5550100`), read];
        queries += checkEach(identities, isGood);
      }),
    );
    expect(queries).toBeGreaterThan(100_000);
  });

  it("as a replacement of any part of a good query: the last check is sufficient", () => {
    const good = contactsAndIncidents(email("a@b.co"), OPTIONS).text;
    const asBefore = once((text) => JSON.stringify(shapeOf(text)) === EMAIL_SHAPE);
    let passed = 0;
    holdsForMany(
      fc.property(hostile, fc.nat(good.length), fc.nat(8), (text, at, length) => {
        const inLiteral = [good.replaceAll("a@b.co", text), good.replace("a@b.co", `$&${text}`)];
        const anywhere = good.slice(0, at) + text + good.slice(at + length);
        passed += checkTexts(inLiteral, asBefore) + checkTexts([anywhere], areTwoPlainSelects);
      }),
    );
    expect(passed).toBeGreaterThan(1_000);
  });
});

it.each([
  ["DELETE FROM incidents", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1;DELETE FROM incidents", 2],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1", 2],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1;", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a''b' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a\\' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 OR C.ID != 0 LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C LIMIT 1", 1],
  ["SELECT A.Password FROM Accounts A WHERE A.ID = 1 LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1\n", 1],
])("%s, where %i statements are expected, is not sent", (text, statements) => {
  expect(() => checkedRoql(text, statements)).toThrow(/was not sent/);
});
