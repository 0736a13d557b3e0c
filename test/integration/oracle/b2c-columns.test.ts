import { describe, expect, it } from "vitest";
import type { SandboxCustomer } from "../../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { ADA, email, NOBODY, phone, startB2cSource } from "../../support/b2c-source.ts";
import { customers } from "../../support/oracle-contract-customers.ts";

const TIER = [{ name: "tier", field: "CustomFields.c.tier" }];

describe("a column of contacts that the site refuses", () => {
  it.each([
    // The one request, the contacts alone, without all suspects, without each until it works; the
    // incidents. A request with an access token is repeated once.
    ["Phones.Number", 5],
    ["Disabled", 7],
    ["Phones.RawNumber", 8],
    ["Organization.Name", 9],
    ["CustomFields.c.tier", 9],
  ])("%s is left out from then on, and reported once", async (column, most) => {
    const site = await startB2cSource({ refusedColumns: [column] }, { customerFields: TIER });
    expect(await site.find(ADA)).toMatchObject({ match: "found", customer: { id: "1" } });
    expect(site.refused).toEqual([column]);
    expect(site.sent.length).toBeLessThanOrEqual(most);
    const before = site.sent.length;
    expect(await site.find(ADA)).toMatchObject({ match: "found", customer: { id: "1" } });
    expect([site.sent.length - before, site.refused.length, site.downgrades]).toEqual([1, 1, 0]);
    expect(site.oracle.queries.at(-1)).not.toContain(`${column},`);
  });

  it("among several: each is found, one with each lookup", async () => {
    const refusedColumns = ["Phones.Number", "Phones.RawNumber", "Organization.Name"];
    const site = await startB2cSource({ refusedColumns });
    for (let i = 0; i < 3; i += 1)
      expect(await site.find(ADA)).toMatchObject({ match: "found", rank: "national" });
    expect(site.refused.toSorted()).toEqual(refusedColumns.toSorted());
    const before = site.sent.length;
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
    expect(site.sent.length - before).toBe(1);
  });

  it("costs lookups by email nothing if it is a number", async () => {
    const site = await startB2cSource({ refusedColumns: ["Phones.Number", "Phones.RawNumber"] });
    expect(await site.find(email("ada@example.com"))).toMatchObject({ match: "found" });
    expect([site.sent.length, site.refused.length]).toEqual([1, 0]);
  });

  it("of an unknown caller is found as well", async () => {
    const site = await startB2cSource({ refusedColumns: ["Organization.Name"] });
    expect(await site.find(NOBODY)).toEqual({ match: "not_found" });
    expect(site.refused).toEqual(["Organization.Name"]);
  });
});

describe("a refusal that no column causes", () => {
  it("costs no column", async () => {
    const site = await startB2cSource();
    const body = { status: 400, "o:errorCode": "OSC-CREST-00007" };
    site.oracle.faults.push({ status: 400, body, times: 9 });
    await expect(site.find(ADA)).rejects.toMatchObject({
      ...{ kind: "misconfigured", status: 400 },
      cure: expect.not.stringMatching(/ORACLE_CUSTOM_FIELDS/),
    });
    expect([site.refused.length, site.sent.length]).toEqual([0, 3]);
  });

  it("of the one request alone costs no column either", async () => {
    const site = await startB2cSource({ phonesThroughContact: false });
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
    expect([site.refused.length, site.downgrades]).toEqual([0, 1]);
  });
});

describe("a custom field of incidents that the site does not have", () => {
  it("is left out from then on", async () => {
    const customFields = ["CustomFields.c.level", "CustomFields.c.none"];
    const site = await startB2cSource({ customFields: ["CustomFields.c.level"] }, { customFields });
    expect(await site.find(ADA)).toMatchObject({ match: "found", openCases: { count: 2 } });
    for (let i = 0; i < 2; i += 1) await site.find(ADA);
    const before = site.sent.length;
    expect(await site.find(ADA)).toMatchObject({ match: "found" });
    expect(site.sent.length - before).toBe(1);
    expect(site.refused).toEqual(["Incident.CustomFields.c.none"]);
    expect(site.downgrades).toBe(0);
  });
});

describe("the number that matched", () => {
  const [ada] = customers;
  const stored = (number: number, ...phones: string[]): SandboxCustomer => ({
    ...(ada as SandboxCustomer),
    ...{ customerId: `C-${number}`, firstName: `N${number}`, phones, cases: [] },
  });
  const find = async (caller: string, site: readonly SandboxCustomer[], refused: string[] = []) => {
    const source = await startB2cSource(
      { customers: site, refusedColumns: refused },
      { phonePrefixes: ["9"] },
    );
    return source.find(phone(caller));
  };

  it.each([
    ["+1 (555) 019-9999", "exact"],
    ["1-555-019-9999", "exact"],
    ["(555) 019-9999", "national"],
    ["9-555-019-9999", "national"],
  ])("as typed, %s: %s", async (typed, rank) => {
    const history = await find("+15550199999", [stored(1, typed)]);
    expect(history).toMatchObject({ match: "found", rank, customer: { id: "1" } });
  });

  it.each([
    ["91 2025550123", "found"],
    ["+91 2025550123", "not_found"],
  ])("behind a prefix of the site, %s: %s, because a + says otherwise", async (typed, match) => {
    const source = await startB2cSource(
      { customers: [stored(1, typed)] },
      { phonePrefixes: ["91"] },
    );
    expect(await source.find(phone("+12025550123"))).toMatchObject({ match });
  });

  it("with its country code wins over the national digits", async () => {
    const both = [stored(1, "(555) 019-9999"), stored(2, "+1 555 019 9999")];
    const history = await find("+15550199999", both);
    expect(history).toMatchObject({ match: "found", rank: "exact", customer: { id: "2" } });
  });

  it("is ranked by its digits if the site does not show it as typed", async () => {
    const both = [stored(1, "(555) 019-9999"), stored(2, "+1 555 019 9999")];
    const history = await find("+15550199999", both, ["Phones.Number"]);
    expect(history).toMatchObject({ match: "found", rank: "exact", customer: { id: "2" } });
  });
});

describe("a contact that is not in use", () => {
  const [ada, ...others] = customers;
  const pair = (first: boolean, second: boolean) => [
    { ...(ada as SandboxCustomer), disabled: first },
    { ...(ada as SandboxCustomer), customerId: "C-2", disabled: second },
    ...others.filter(({ customerId }) => customerId !== "C-2"),
  ];

  it("does not make the living one ambiguous", async () => {
    const site = await startB2cSource({ customers: pair(true, false) });
    expect(await site.find(ADA)).toMatchObject({ match: "found", customer: { id: "2" } });
    expect(site.sent).toHaveLength(1);
  });

  it("is found if there is no other", async () => {
    const site = await startB2cSource({ customers: pair(true, false).slice(0, 1) });
    expect(await site.find(ADA)).toMatchObject({ match: "found", customer: { id: "1" } });
  });

  it("is ambiguous with another one that is not in use", async () => {
    const site = await startB2cSource({ customers: pair(true, true) });
    expect(await site.find(ADA)).toMatchObject({ match: "ambiguous" });
  });
});

describe("odd answers", () => {
  const columns = (id: string, cells = '"Acme","A","B","0","+15550199999","15550199999"') =>
    `[${id},${cells}]`;
  const both = (contacts: string, incidents: string) =>
    `{"items":[{"rows":[${contacts}]},{"rows":[${incidents}]}]}`;
  const headers = { "content-type": "application/json" };

  it("with tables that have no rows: nobody", async () => {
    const site = await startB2cSource();
    for (const items of [
      [{}, {}],
      [{ count: 0 }, { rows: null }],
      [{ rows: null }, { rows: [] }],
    ]) {
      site.oracle.faults.push({ status: 200, body: { items } });
      expect(await site.find(ADA)).toEqual({ match: "not_found" });
    }
  });

  it("with ids as numbers beyond 2^53: all digits, and the right contact's incidents", async () => {
    const site = await startB2cSource();
    const incident = (contact: string) =>
      `[9007199254740993,null,{"text":"Late"},["x"],1767610800,${contact},true]`;
    const incidents = `${incident("300000123456789013")},[null],null,${incident("300000123456789000")}`;
    const body = both(columns("300000123456789013"), incidents);
    site.oracle.faults.push({ status: 200, headers, body });
    expect(await site.find(ADA)).toMatchObject({
      customer: { id: "300000123456789013", account: "Acme" },
      cases: [
        { reference: "9007199254740993", subject: "Late · true", updatedAt: 1_767_610_800_000 },
      ],
      openCases: { count: 1, exact: false },
    });
  });

  it("with a contact that cannot be read beside another one: nobody is the only one", async () => {
    const site = await startB2cSource();
    const body = both(`${columns("1")},${columns("1e300")}`, "");
    site.oracle.faults.push({ status: 200, headers, body });
    expect(await site.find(ADA)).toEqual({ match: "ambiguous" });
  });
});

describe("a row without a number", () => {
  const row = (...numbers: readonly (string | null)[]) => [
    "1",
    null,
    "Ada",
    "Byron",
    "0",
    ...numbers,
  ];
  const answer = (...rows: readonly unknown[]) => ({
    status: 200,
    body: { items: [{ rows }, { rows: [] }] },
  });

  it.each([
    ["alone", [row(null, null)]],
    ["beside the number that matched", [row("6562234567", "6562234567"), row(null, null)]],
  ])("is nobody's if other digits were asked for: %s", async (_, rows) => {
    const site = await startB2cSource();
    // Without the +, the digits of this number of Singapore are one of the United States.
    site.oracle.faults.push(answer(...rows));
    expect(await site.find(phone("+6562234567"))).toEqual({ match: "not_found" });
    expect(decodeURIComponent(site.sent[0]?.path ?? "")).toContain("'6562234567'");
  });

  it("is the customer's if all digits that were asked for are", async () => {
    const site = await startB2cSource();
    site.oracle.faults.push(answer(row(null, null)));
    expect(await site.find(phone("+16562234567"))).toMatchObject({
      match: "found",
      rank: "national",
    });
  });
});
