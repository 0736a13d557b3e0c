import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import { callingCodeOf, phoneIdentity } from "../../../src/domain/identity/phone.ts";
import { contactsWithReference, referenceStatements } from "../../../src/oracle/b2c/reference.ts";
import {
  checkedRoql,
  contactsAlone,
  contactsAndIncidents,
  contactsWithIds,
  incidentsOf,
  isCustomField,
  isPhonePrefix,
  type Roql,
} from "../../../src/oracle/b2c/roql.ts";
import { type CustomerQuery, queryOf } from "../../../src/oracle/dialect/customer-query.ts";
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

/** A query as it should never be: nothing is checked. */
function phone(number: string, ...texts: string[]): CustomerQuery {
  const spellings = texts.map((text) => ({ text, rank: "national" as const }));
  return { kind: "phone", number, spellings, rankOf: () => "exact" } as unknown as CustomerQuery;
}

function email(address: string, ...spellings: string[]): CustomerQuery {
  return { kind: "email", address, spellings } as unknown as CustomerQuery;
}

describe("the one request", () => {
  it("selects contacts and open incidents by number", () => {
    const { text, statements } = contactsAndIncidents(
      phone("+15550199999", "15550199999", "5550199999", "(555) 019-9999"),
      OPTIONS,
    );
    expect(statements).toBe(2);
    expect(text.split(";")).toEqual([
      "SELECT C.ID, C.Organization.Name, C.Name.First, C.Name.Last, C.Disabled, " +
        "C.Phones.Number, C.Phones.RawNumber FROM Contacts C " +
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
      "SELECT C.ID, C.Organization.Name, C.Disabled FROM Contacts C " +
        "WHERE C.Emails.Address = 'ada@example.com' LIMIT 20",
    );
  });

  it.each([
    ["pat.o'brien@example.com", [], "= 'pat.o''brien@example.com'"],
    ["a/b*c{d}|e~`?@example.com", [], "= 'a/b*c{d}|e~`?@example.com'"],
    ["ada@example.com", ["Ada@EXAMPLE.com"], "= 'ada@example.com'"],
    [
      "a@xn--mller-kva.example",
      ["a@m\u00fcller.example"],
      "IN ('a@xn--mller-kva.example','a@m\u00fcller.example')",
    ],
    // A spelling that a query cannot carry is left out; the address itself is refused.
    ["a@b.co", ["a;b@b.co", "a@b\u02bc.co", "a@\u0149.co"], "= 'a@b.co'"],
  ])("selects by the email %s with the spellings %j", (address, spellings, expected) => {
    const { text } = contactsAlone(email(address, ...spellings), OPTIONS);
    expect(text).toContain(`WHERE C.Emails.Address ${expected} LIMIT 20`);
  });

  it("leaves out refused columns", () => {
    const refused = new Set(["Organization.Name", "Phones.Number", "Incident.CustomFields.c.a"]);
    const customFields = ["CustomFields.c.a", "CustomFields.c.b"];
    const { text } = contactsAndIncidents(phone("+15550199999"), {
      ...{ ...OPTIONS, customFields, refused },
    });
    expect(text).toContain(
      "SELECT C.ID, C.Name.First, C.Name.Last, C.Disabled, C.Phones.RawNumber FROM",
    );
    expect(text).toContain("ParentContact.ID, I.CustomFields.c.b FROM");
  });

  it("asks only for digits that say enough alone if the site does not tell which matched", () => {
    const number = phoneIdentity("+15550199999", "US", "typed");
    if (number === undefined) throw new Error("no number");
    const query = queryOf(number, ["1"]);
    const refused = new Set(["Phones.Number", "Phones.RawNumber"]);
    const options = { ...OPTIONS, phonePrefixes: ["9"] };
    expect(valuesOf(contactsAlone(query, options))).toContain("95550199999");
    const strict = valuesOf(contactsAlone(query, { ...options, refused }));
    expect(strict).toContain("5550199999");
    expect(strict).not.toContain("95550199999");
  });

  it("asks for at most 20 forms, and for those with prefixes besides", () => {
    const many = Array.from({ length: 50 }, (_, i) => `55501${10_000 + i}`);
    const options = { ...OPTIONS, phonePrefixes: ["9", "011"] };
    const values = valuesOf(contactsAlone(phone("+15550199999", ...many), options));
    expect(values).toHaveLength(24);
    expect(values[0]).toBe("15550199999");
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
    const home = queryOf(identity, [callingCodeOf(region)]);
    // The order and further forms are another module's.
    expect(valuesOf(contactsAlone(home, OPTIONS))).toEqual(expect.arrayContaining([...expected]));
    expect(valuesOf(contactsAlone(home, OPTIONS))[0]).toBe(expected[0]);
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
      customerFields: Array.from({ length: 8 }, () => ({ name: "x", field })),
    };
    const many = Array.from({ length: 30 }, (_, i) => `0012345678901${100 + i}`);
    const local = "#".repeat(64);
    const unicode = `${local}@${"\u00fc".repeat(189)}`;
    for (const identity of [
      phone("+123456789012345", ...many),
      email(`${local}@${"a".repeat(189)}`, unicode, `x${unicode.slice(1)}`),
    ]) {
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

describe("by reference", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["42", ["ID"], ["C.ID = 42"]],
    ["0042", ["ID"], []],
    ["12345678901", ["ID"], []],
    ["ABC-1", ["ID"], []],
    ["260101-000007", ["ID"], ["I.ReferenceNumber = '260101-000007'"]],
    ["260101000007", ["ID"], ["I.ReferenceNumber = '260101-000007'"]],
    ["0042", ["CustomFields.c.no", "ID"], ["C.CustomFields.c.no = '0042'"]],
    ["42", ["CustomFields.c.no", "ID"], ["C.CustomFields.c.no = '42'", "C.ID = 42"]],
  ])("%s in %j: %j", (text, fields, conditions) => {
    const statements = referenceStatements(text, fields);
    expect(statements.map((one) => /WHERE (.*) LIMIT/.exec(one)?.[1])).toEqual(conditions);
    if (statements.length > 0)
      expect(contactsWithReference(statements)).toMatchObject({ statements: conditions.length });
  });

  it("selects several contacts with their incidents by id", () => {
    const { text } = contactsWithIds(["1", "2"], OPTIONS);
    expect(text).toContain("WHERE C.ID IN (1,2) LIMIT 20;");
    expect(text).toContain("WHERE I.PrimaryContact.ParentContact.ID IN (1,2) AND");
  });

  it("is never free text", () => {
    for (const text of ["a", "A'B", "A B", "A;B", "\u0663\u0663\u0663", "A".repeat(45)])
      expect(() => referenceStatements(text, ["CustomFields.c.no"])).toThrow("was not sent");
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
  return values.length > 0 && values.every((value) => /^[0-9]{6,19}$/.test(value));
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
  identities: readonly (CustomerQuery | undefined)[],
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
const EMAILS_SHAPE = JSON.stringify(
  shapeOf(contactsAndIncidents(email("a@b.co", "a@b.example"), OPTIONS).text),
);
const EMAIL_SHAPE = JSON.stringify(shapeOf(contactsAndIncidents(email("a@b.co"), OPTIONS).text));

describe("100,000 hostile identifiers", () => {
  it("as an address, through the whole identification and without it", () => {
    let queries = 0;
    const isGood = once((text) => {
      encodeURIComponent(text);
      return JSON.stringify(shapeOf(text)) === EMAIL_SHAPE;
    });
    const isGoodList = once((text) => {
      encodeURIComponent(text);
      return [EMAIL_SHAPE, EMAILS_SHAPE].includes(JSON.stringify(shapeOf(text)));
    });
    holdsForMany(
      fc.property(hostile, (text) => {
        const read = emailAddress(text);
        const identities = [email(text), email(`${text}@example.com`), read && email(read)];
        queries += checkEach(identities, isGood);
        const spelled = [email("a@b.co", text), email("a@b.co", `x@${text}`, `${text}@b.co`)];
        queries += checkEach(spelled, isGoodList);
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
        const query = read && queryOf(read, ["1"]);
        const identities = [
          phone(text, text),
          phone("+15550199999", text, `${text}5550100`),
          query,
        ];
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

it("the last check takes no time that grows with each character", () => {
  const open = `SELECT C.ID FROM Contacts C WHERE C.Name.Last = '${"a\u00fc".repeat(2_000)}`;
  for (const end of [" ", "'x", "''", "\\"])
    expect(() => checkedRoql(`${open}${end}`, 1)).toThrow("was not sent");
});

it.each([
  ["DELETE FROM incidents", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1;DELETE FROM incidents", 2],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1", 2],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1;", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a'b' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a'' OR ''b' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last IN ('a'',''b') LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a;b' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a\u02bcb' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.Name.Last = 'a\\' LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 OR C.ID != 0 LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C LIMIT 1", 1],
  ["SELECT A.Password FROM Accounts A WHERE A.ID = 1 LIMIT 1", 1],
  ["SELECT C.ID FROM Contacts C WHERE C.ID = 1 LIMIT 1\n", 1],
])("%s, where %i statements are expected, is not sent", (text, statements) => {
  expect(() => checkedRoql(text, statements)).toThrow(/was not sent/);
});
