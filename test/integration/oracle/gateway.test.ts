import { describe, expect, it } from "vitest";
import {
  type OracleGateway,
  type OracleGatewayOptions,
  startOracleGateway,
} from "../../../src/sandbox/simulators/oracle-cx/gateway/gateway.ts";
import type { SandboxCustomer } from "../../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import {
  type DialectFixture,
  email,
  openWay,
  phone,
  reference,
} from "../../support/oracle-contract.ts";
import { customers } from "../../support/oracle-contract-customers.ts";

const ADA = phone("+15550199999");
const SEARCH = "/api/rest/v1/customers/search";
const CASES = "/api/rest/v1/cases";

/** A simulated facade, and the way to it. */
async function open(
  environment: Record<string, string> = {},
  more: Partial<OracleGatewayOptions> = {},
) {
  let facade: OracleGateway | undefined;
  const fixture = {
    dialect: "gateway",
    async start(options) {
      facade = await startOracleGateway({ ...options, ...more });
      return facade;
    },
  } satisfies Partial<DialectFixture>;
  const way = await openWay(fixture as unknown as DialectFixture, { environment });
  if (facade === undefined) throw new Error("the facade was not started");
  const { faults } = facade;
  const answer = (path: string, body: unknown, status = 200) =>
    faults.push({
      ...{ status, match: { path } },
      ...(body !== undefined && { body }),
      headers: { "content-type": "application/json" },
    });
  return { way, facade, answer };
}

describe("ids beyond 2^53", () => {
  const [ada] = customers;
  const pair: readonly SandboxCustomer[] = ["300000123456789013", "300000123456789000"].map(
    (customerId, index) => ({
      ...(ada as SandboxCustomer),
      ...{ customerId, phones: [`+1555010001${index}`] },
      cases: [
        {
          ...{ caseNumber: `90071992547409${93 + index}`, subject: `Of ${customerId}` },
          ...{ status: "Open", lastUpdateDate: "2026-01-01T00:00:00Z" },
        },
      ],
    }),
  );

  it("keep their digits in both requests, and in case numbers", async () => {
    const { way, facade } = await open({}, { customers: pair, numericIds: true });
    expect(await way.find(phone("+15550100010"))).toMatchObject({
      customer: { id: "300000123456789013" },
      cases: [{ reference: "9007199254740993" }],
    });
    expect(facade.casePagesOf("300000123456789013")).toBe(1);
    expect(facade.casePagesOf("300000123456789000")).toBe(0);
  });

  it.each([
    ["3.00000123456789013e17", "300000123456789013"],
    ["300000123456789013.0", "300000123456789013"],
    ["-300000123456789013", "-300000123456789013"],
  ])("written as %s, too", async (written, id) => {
    const { way, facade, answer } = await open({}, { customers: pair });
    answer(SEARCH, `{"totalCount":1,"items":[{"customerId":${written}}]}`);
    expect(await way.find(ADA)).toMatchObject({ customer: { id } });
    expect(facade.casePagesOf(id)).toBe(1);
  });

  it.each(["1e300", "1.5", "null", "{}", '""'])(
    "that cannot be read (%s) are never guessed: the answer is malformed",
    async (written) => {
      const { way, facade, answer } = await open();
      answer(SEARCH, `{"items":[{"customerId":${written}}]}`);
      const failure = await way.failure(ADA);
      expect(failure).toMatchObject({ kind: "retryable", code: "malformed_answer" });
      expect(facade.counts.cases).toBe(0);
    },
  );

  it("of one customer of two that cannot be read: nobody is the only one", async () => {
    const { way, answer } = await open();
    answer(SEARCH, '{"items":[{"customerId":1e300},{"customerId":"C-1"}]}');
    expect(await way.find(ADA)).toEqual({ match: "ambiguous" });
  });
});

describe("what can be read is read", () => {
  it.each([
    ["204", undefined, 204],
    ["items: null", { items: null }, 200],
    ["items: null, and a count as text", { totalCount: "0", items: null }, 200],
    ["no items, and no count", { totalCount: null, items: [null] }, 200],
  ])("nobody, as %s", async (_, body, status) => {
    const { way, answer } = await open();
    answer(SEARCH, body, status);
    answer(SEARCH, body, status);
    expect(await way.find(ADA)).toEqual({ match: "not_found" });
  });

  it.each([
    ["204", undefined, 204, { count: 0, exact: true }],
    ["items: null", { items: null }, 200, { count: 0, exact: true }],
    ["a count as text", { totalCount: "23", items: null }, 200, { count: 23, exact: true }],
    ["a wrong count", { totalCount: -1, items: [{ caseNumber: 7 }] }, 200, { count: 1 }],
    ["a count below the items", { totalCount: 0, items: [{ caseNumber: 7 }] }, 200, { count: 1 }],
  ])("cases, as %s", async (_, body, status, openCases) => {
    const { way, answer } = await open();
    answer(CASES, body, status);
    expect(await way.find(ADA)).toMatchObject({ match: "found", openCases });
  });

  it("an odd field costs that field", async () => {
    const { way, answer } = await open();
    const customer = {
      customerId: 42,
      firstName: ["Ada"],
      lastName: 7,
      accountName: { name: "Acme" },
    };
    answer(SEARCH, { totalCount: "1", items: [customer] });
    answer(CASES, {
      totalCount: "4",
      items: [
        {
          caseNumber: 260_104,
          status: { id: 1, lookupName: "Open" },
          lastUpdateDate: 1_767_610_800,
        },
        { caseNumber: "A-1", subject: { text: 1 }, lastUpdateDate: "1767610800000" },
        { caseNumber: "A-2", status: ["Open"], lastUpdateDate: "Mon, 05 Jan 2026 11:00:00 GMT" },
        { caseNumber: { id: 3 }, status: "Open" },
        null,
      ],
    });
    const at = 1_767_610_800_000;
    expect(await way.find(ADA)).toMatchObject({
      customer: { id: "42", name: "7", firstName: undefined, lastName: "7", account: "Acme" },
      cases: [
        { reference: "260104", status: "Open", updatedAt: at },
        { reference: "A-1", subject: "1", updatedAt: at },
        { reference: "A-2", status: "", updatedAt: at },
      ],
      openCases: { count: 4, exact: true },
    });
  });

  it("more customers than were sent are ambiguous", async () => {
    const { way, answer } = await open();
    answer(SEARCH, { totalCount: "2", items: [{ customerId: "C-1" }] });
    expect(await way.find(ADA)).toEqual({ match: "ambiguous" });
  });
});

describe("names", () => {
  const bodies = (way: { oracle: { calls: readonly unknown[] } }) =>
    JSON.stringify(way.oracle.calls);

  it("are neither asked for nor shown unless they are switched on", async () => {
    const { way, facade, answer } = await open({ INCLUDE_CUSTOMER_NAME: "false" });
    expect(await way.find(ADA)).toMatchObject({ customer: { name: undefined } });
    expect(bodies(way)).not.toContain("Ada");
    // A facade that sends every field, whatever is asked for.
    answer(SEARCH, { items: [{ customerId: "C-1", firstName: "Ada", lastName: "Example" }] });
    expect(JSON.stringify(await way.find(ADA))).not.toContain("Ada");
    expect(facade.counts).toMatchObject({ search: 2, cases: 2 });
  });
});

describe("the second search", () => {
  it("is exact if all its forms have the country code", async () => {
    const environment = { ORACLE_HOME_COUNTRIES: "44" };
    const [ada] = customers;
    const stored = { ...(ada as SandboxCustomer), phones: ["15550199999"] };
    const { way } = await open(environment, { customers: [stored] });
    expect(await way.find(ADA)).toMatchObject({ match: "found", rank: "exact" });
    const home = await open({ ORACLE_HOME_COUNTRIES: "1" }, { customers: [stored] });
    expect(await home.way.find(ADA)).toMatchObject({ match: "found", rank: "national" });
  });

  it("is for other spellings of an address, too, and only if there are any", async () => {
    const { way } = await open();
    const uwe = email("uwe@xn--mller-kva.example", "uwe@m\u00fcller.example");
    expect(await way.find(uwe)).toMatchObject({ match: "found", rank: "exact" });
    expect(way.requests()).toBe(3);
    expect(await way.find(email("nobody@example.com"))).toEqual({ match: "not_found" });
    expect(way.requests()).toBe(4);
  });
});

describe("a reference", () => {
  it.each([
    ["a customer's id", "C-3", {}, "C-3"],
    ["a case number", "260103-000003", {}, "C-3"],
    [
      "a configured field, with its zeros",
      "000417",
      { ORACLE_REFERENCE_FIELDS: "accountNumber" },
      "C-20",
    ],
  ])("that is %s finds the customer in one search", async (_, text, environment, id) => {
    const { way } = await open(environment);
    const found = { match: "found", rank: "exact", customer: { id } };
    expect(await way.find(reference(text))).toMatchObject(found);
    expect(way.oracle.counts).toMatchObject({ search: 1, cases: 1 });
  });

  it("that a facade does not know as a field finds nobody, and is asked for once", async () => {
    const { way } = await open({ ORACLE_REFERENCE_FIELDS: "loyaltyNumber" });
    for (let i = 0; i < 3; i += 1)
      expect(await way.find(reference("000417"))).toEqual({ match: "not_found" });
    expect(way.oracle.counts.search).toBe(1);
    expect(way.refused).toEqual(["loyaltyNumber"]);
    expect(await way.find(ADA)).toMatchObject({ match: "found" });
  });
});
