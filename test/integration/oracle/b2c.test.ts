import { describe, expect, it } from "vitest";
import type { OracleB2cOptions } from "../../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import type { SandboxCustomer } from "../../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { ADA, email, NOBODY, startB2cSource } from "../../support/b2c-source.ts";
import { customers } from "../../support/oracle-contract-customers.ts";

describe("a site that cannot run the one request", () => {
  it("gets two requests, from then on if both have succeeded once", async () => {
    const site = await startB2cSource({ phonesThroughContact: false });
    expect(await site.find(NOBODY)).toEqual({ match: "not_found" });
    expect([site.sent.length, site.downgrades]).toEqual([2, 0]);
    const history = await site.find(ADA);
    expect(history).toMatchObject({ match: "found", openCases: { count: 2, exact: true } });
    // A refused request with an access token is repeated once without it.
    expect([site.sent.length, site.downgrades]).toEqual([6, 1]);
    expect(await site.find(ADA)).toEqual(history);
    expect(await site.find(NOBODY)).toEqual({ match: "not_found" });
    expect([site.sent.length, site.downgrades]).toEqual([9, 1]);
    expect(site.oracle.counts).toMatchObject({ search: 7, cases: 2 });
  });

  it("needs no second request by email", async () => {
    const site = await startB2cSource({ phonesThroughContact: false });
    const ada = email("ada@example.com");
    expect(await site.find(ada)).toMatchObject({ match: "found" });
    expect(site.sent).toHaveLength(1);
  });
});

it("an address that no query can hold is nobody's, at no request", async () => {
  const site = await startB2cSource();
  expect(await site.find(email('"ada lovelace"@example.com'))).toEqual({ match: "not_found" });
  expect(site.sent).toEqual([]);
});

describe("a mistake in the set-up is misconfigured", () => {
  it.each<[string, Partial<OracleB2cOptions>, object, RegExp]>([
    [
      "a language that is not the interface's",
      {},
      { acceptLanguage: "de-DE" },
      /ORACLE_ACCEPT_LANGUAGE/,
    ],
    ["a login that is refused", { basic: "staff:other" }, {}, /staff account/],
  ])("%s", async (_, oracle, changes, cure) => {
    const site = await startB2cSource(oracle, changes);
    await expect(site.find(ADA)).rejects.toMatchObject({
      kind: "misconfigured",
      cure: expect.stringMatching(cure),
      message: expect.not.stringMatching(/5550199999|Phones/),
    });
    expect(site.downgrades).toBe(0);
  });

  it.each([
    [403, "OSC-CREST-00014", "misconfigured", "forbidden", /public REST API/],
    [403, "OSC-CREST-00015", "misconfigured", "forbidden", /enable Connect REST/],
    [400, "OSC-CREST-00003", "misconfigured", "bad_request", /version 1\.4/],
    [404, "OSC-CREST-00013", "misconfigured", "bad_request", /ORACLE_BASE_URL/],
    [404, "no code", "misconfigured", "bad_request", /ORACLE_BASE_URL/],
    [500, "OSC-CREST-00008", "retryable", "server_error", /status page/],
    [503, "OSC-CREST-00035", "retryable", "throttled", /budget/],
    [503, "no code", "retryable", "server_error", /status page/],
  ])("%i %s is %s, %s", async (status, code, kind, failure, cure) => {
    const site = await startB2cSource();
    const body = { status, detail: "SELECT … '15550199999'", "o:errorCode": code };
    site.oracle.faults.push({ status, body });
    await expect(site.find(ADA)).rejects.toMatchObject({
      ...{ kind, code: failure, status, cure: expect.stringMatching(cure) },
      message: expect.not.stringMatching(/5550199999|SELECT/),
    });
    expect(site.sent).toHaveLength(1);
  });
});

describe("headers", () => {
  it("hold the application context and the access token, and no language", async () => {
    const site = await startB2cSource();
    for (const identity of [ADA, NOBODY, ADA]) await site.find(identity);
    expect(site.oracle.withoutAccessToken).toBe(0);
    expect(site.sent.map(({ headers = {} }) => Object.keys(headers))).toEqual([
      ["osvc-crest-application-context"],
      ["osvc-crest-application-context", "osvc-crest-api-access-token"],
      ["osvc-crest-application-context", "osvc-crest-api-access-token"],
    ]);
  });

  it("omit an access token that was refused, until there is a new one", async () => {
    const site = await startB2cSource();
    const headers = { "osvc-crest-api-access-token": "altered" };
    const none = { items: [{ rows: [] }, { rows: [] }] };
    site.oracle.faults.push({ status: 200, headers, body: none });
    await site.find(NOBODY);
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
    expect(site.sent).toHaveLength(3);
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
    expect([site.sent.length, site.downgrades]).toEqual([4, 0]);
  });

  it("hold a language if it is configured", async () => {
    const site = await startB2cSource({ language: "de-DE" }, { acceptLanguage: "de-DE" });
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
  });
});

describe("what is fetched", () => {
  it("has no name if names are not shown", async () => {
    const site = await startB2cSource({}, { names: false });
    expect(await site.find(ADA)).toMatchObject({ match: "found", customer: { name: undefined } });
    expect(site.oracle.queries.join()).not.toContain("Name.");
  });

  it("has only fields of the allow-list", async () => {
    const site = await startB2cSource();
    await site.find(ADA);
    const asked = site.oracle.queries.join().match(/(?<=SELECT ).*?(?= FROM)/g);
    expect(asked).toEqual([
      "C.ID, C.Organization.Name, C.Name.First, C.Name.Last, C.Disabled, " +
        "C.Phones.Number, C.Phones.RawNumber",
      "I.ID, I.ReferenceNumber, I.Subject, I.StatusWithType.Status.LookupName, " +
        "I.UpdatedTime, I.PrimaryContact.ParentContact.ID",
    ]);
  });

  it("has the configured custom fields, masked, after the subject", async () => {
    const customFields = ["CustomFields.c.level", "CustomFields.c.note"];
    const custom = { "CustomFields.c.level": "Gold", "CustomFields.c.note": "write ada@b.example" };
    const site = await startB2cSource(
      { customFields, customers: withCustom(custom) },
      { customFields },
    );
    expect(await site.find(ADA)).toMatchObject({
      cases: [{ subject: "Printer on fire · Gold · write [email]" }, {}],
    });
  });
});

describe("a full page", () => {
  const caller = (number: number, firstName: string): SandboxCustomer => ({
    ...{ customerId: `C-${number}`, firstName, lastName: "Caller", accountName: "" },
    ...{ phones: ["+15550100042"], emails: [], cases: cases(number) },
  });
  const cases = (number: number) =>
    Array.from({ length: number === 1 ? 2 : 25 }, (_, i) => ({
      caseNumber: `26010${number}-${i}`,
      subject: "Call",
      status: "Open",
      lastUpdateDate: `2026-01-0${number}T00:00:00Z`,
    }));

  it("of a placeholder's incidents hides no incident of the customer", async () => {
    const both = [caller(1, "Ada"), caller(2, "Unknown")];
    const site = await startB2cSource(
      { customers: both },
      { placeholders: new Set(["unknown caller"]) },
    );
    expect(await site.find(NOBODY)).toMatchObject({
      customer: { id: "1", name: "Ada Caller" },
      openCases: { count: 2, exact: true },
    });
    expect(site.oracle.counts).toMatchObject({ search: 1, cases: 1 });
  });

  it("of placeholders is ambiguous, because customers may be missing from it", async () => {
    const many = Array.from({ length: 25 }, (_, i) => caller(i + 3, "Unknown"));
    const site = await startB2cSource(
      { customers: many },
      { placeholders: new Set(["unknown caller"]) },
    );
    expect(await site.find(NOBODY)).toEqual({ match: "ambiguous" });
  });
});

function withCustom(custom: Readonly<Record<string, string>>): SandboxCustomer[] {
  return customers.map((customer) => ({
    ...customer,
    cases: customer.cases.map((one) =>
      one.subject === "Printer on fire" ? { ...one, custom } : one,
    ),
  }));
}
