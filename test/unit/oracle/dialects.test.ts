import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dialectTexts } from "../../../src/oracle/dialect-texts.ts";
import {
  DEFAULT_DIALECT,
  dialectNames,
  dialectOf,
  dialectVariables,
} from "../../../src/oracle/dialects.ts";

const SIMULATORS = "src/sandbox/simulators/oracle-cx";
/** The folder of the simulators that holds what they share. */
const SHARED = "site";

describe.each(dialectNames)("the descriptor of %s", (name) => {
  const dialect = dialectOf(name);

  it("stands in the folder of its name", () => {
    expect(existsSync(`src/oracle/${name}/dialect.ts`)).toBe(true);
  });

  it("names its variables ORACLE_… and mentions its name in each meaning", () => {
    for (const [variable, { meaning }] of Object.entries(dialect.variables)) {
      expect(variable).toMatch(/^ORACLE_[A-Z_]+$/);
      expect(meaning).toMatch(new RegExp(`^\`${name}\`: `));
    }
  });

  it("has its variables in the table of all dialects", () => {
    expect(dialectVariables).toMatchObject(dialect.variables);
  });

  it("has presets that its variables accept", () => {
    for (const { schema } of Object.values(dialect.variables)) {
      expect(schema.safeParse(undefined).success).toBe(true);
    }
  });

  it("has a concurrency and a number of requests that are at least 1", () => {
    for (const count of [dialect.concurrency, dialect.requestsPerLookup]) {
      expect(Number.isInteger(count)).toBe(true);
      expect(count).toBeGreaterThanOrEqual(1);
    }
  });

  it("has an example of a customer field that it accepts, and rejects what is no field", () => {
    const { isValid, example } = dialect.customerField;
    expect(isValid(example)).toBe(true);
    for (const text of ["", " ", `${example} `, `${example},x`, `${example}'`, `${example};x`]) {
      expect(isValid(text)).toBe(false);
    }
  });

  it("has fields of references that it accepts", () => {
    const { isValid, preset } = dialect.referenceField;
    expect(preset.length).toBeGreaterThan(0);
    for (const field of preset) {
      expect(isValid(field)).toBe(true);
      for (const text of ["", " ", `${field} `, `${field},x`, `${field}'`, `${field};x`])
        expect(isValid(text)).toBe(false);
    }
  });

  it("has a sign-in and a note on its API", () => {
    expect(dialect.signIn.tokenPath).toMatch(/^\/[\w/]+$/);
    expect(dialect.signIn.scope).not.toBe("");
    expect(dialect.notes.api).not.toBe("");
  });
});

describe("all dialects", () => {
  it("share no variable", () => {
    const names = dialectNames.flatMap((name) => Object.keys(dialectOf(name).variables));
    expect(names.toSorted()).toEqual(Object.keys(dialectVariables).toSorted());
  });

  it("have a simulator each, in the folder of the same name", () => {
    const folders = readdirSync(SIMULATORS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== SHARED)
      .map(({ name }) => name);
    expect(folders.toSorted()).toEqual(dialectNames.toSorted());
  });

  it("have a default among them", () => {
    expect(dialectNames).toContain(DEFAULT_DIALECT);
  });

  it("are described for the configuration reference", () => {
    expect(dialectTexts).toEqual({
      names: "gateway, b2c or fusion",
      apis: "`gateway` (a facade), `b2c` (B2C Service) or `fusion` (Fusion Service)",
      needTokenUrl: "`b2c` and `fusion`",
      scopes: "for `gateway` the three `oracle.service.cloud.….read`",
      customerFields: "`b2c`: `CustomFields.c.tier` of the contact; `fusion`: an attribute",
      referenceFields:
        "`gateway`: `customerId` and `caseNumber`; `b2c`: `ID`, or `CustomFields.c.account_no` of the contact; `fusion`: `PartyNumber`, or another queryable attribute of the contact",
      concurrency: "4 for `b2c`, 16 otherwise",
    });
  });
});
