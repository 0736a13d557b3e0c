import { describe, expect, it } from "vitest";
import { comparePhoneAttributes } from "../../../src/oracle/fusion/phone-attributes.ts";
import {
  type OracleFusion,
  type OracleFusionOptions,
  startOracleFusion,
} from "../../../src/sandbox/simulators/oracle-cx/fusion/fusion.ts";
import {
  type DialectFixture,
  email,
  openWay,
  phone,
  reference,
} from "../../support/oracle-contract.ts";
import { customers } from "../../support/oracle-contract-customers.ts";

const ADA = phone("+15550199999");
const PHONES = ["RawMobileNumber", "RawWorkPhoneNumber", "RawHomePhoneNumber"];

/** A simulated pod, and the way to it. */
async function open(
  environment: Record<string, string> = {},
  more: Partial<OracleFusionOptions> = {},
) {
  let pod: OracleFusion | undefined;
  const fixture = {
    dialect: "fusion",
    environment: ({ url }: { url: string }) => ({ ORACLE_TOKEN_URL: url }),
    async start(options) {
      pod = await startOracleFusion({ ...options, ...more });
      return pod;
    },
  } satisfies Partial<DialectFixture>;
  const way = await openWay(fixture as unknown as DialectFixture, { environment });
  if (pod === undefined) throw new Error("the pod was not started");
  return { way, pod };
}

describe("what is fetched", () => {
  const always = ["PartyId", "PartyNumber", "AccountName", "PartyStatus"];
  const requests = ["SrNumber", "Title", "StatusCd", "StatusCdMeaning", "StatusTypeCd"];

  it.each([
    ["number: with the numbers that say how sure a match is", ADA, PHONES],
    ["email address", email("ada@example.com"), []],
  ])("is the allow-list and nothing else, by %s", async (_, identity, numbers) => {
    const { way, pod } = await open({ INCLUDE_CUSTOMER_NAME: "false" });
    await way.find(identity);
    expect([...pod.fetched].toSorted()).toEqual(
      [...always, ...numbers, ...requests, "LastUpdateDate", "ClosedDate"].toSorted(),
    );
  });

  it("includes the name if it is shown or identifies a placeholder", async () => {
    for (const environment of [
      { INCLUDE_CUSTOMER_NAME: "true" },
      { INCLUDE_CUSTOMER_NAME: "false", ORACLE_PLACEHOLDERS: "Unknown Caller" },
    ]) {
      const { way, pod } = await open(environment);
      await way.find(ADA);
      expect(pod.fetched).toContain("ContactName");
    }
  });
});

describe("an email address that is stored in another case", () => {
  const mixed = customers.map((one) =>
    one.customerId === "C-1" ? { ...one, emails: ["Ada@Example.com"] } : one,
  );
  const typed = email("ada@example.com", "Ada@Example.com");

  it.each([true, false])("is found, if the tenant ignores case: %s", async (ignoresCase) => {
    const { way } = await open({}, { customers: mixed, ignoresCase });
    expect(await way.find(email("ada@example.com"))).toMatchObject({ match: "found" });
    expect(way.requests()).toBe(2);
  });

  it("is found as it was typed in a tenant without upper(), which is remembered", async () => {
    const { way } = await open({}, { customers: mixed, hasUpper: false });
    expect(await way.find(typed)).toMatchObject({ match: "found" });
    expect(way.requests()).toBe(3);
    expect(await way.find(typed)).toMatchObject({ match: "found" });
    expect(way.requests()).toBe(5);
  });

  it("is not remembered if the tenant refuses the plain comparison, too", async () => {
    const { way } = await open({}, { notQueryable: ["EmailAddress"] });
    const failure = await way.failure(typed);
    expect(failure).toMatchObject({ kind: "misconfigured", status: 400 });
    expect(failure.cure).not.toContain("ORACLE_PHONE_ATTRIBUTES");
  });
});

it("an address that no query can hold is nobody's, at no request", async () => {
  const { way } = await open();
  expect(await way.find(email('"ada lovelace"@example.com'))).toEqual({ match: "not_found" });
  expect(way.requests()).toBe(0);
});

describe("a reference", () => {
  it.each([
    ["a party number", "C-3", {}, 3, 2],
    ["a service request", "260103-000003", {}, 3, 4],
    ["a configured attribute", "000417", { ORACLE_REFERENCE_FIELDS: "AccountNumber_c" }, 20, 2],
  ])("that is %s finds the contact", async (_, text, environment, number, requests) => {
    const { way } = await open(environment);
    const found = { match: "found", rank: "exact", customer: { id: `C-${number}` } };
    expect(await way.find(reference(text))).toMatchObject(found);
    expect(way.requests()).toBe(requests);
  });

  it("of nobody finds nobody; zeros at its beginning are kept", async () => {
    const { way } = await open({ ORACLE_REFERENCE_FIELDS: "AccountNumber_c" });
    for (const text of ["417", "0417", "0000417"])
      expect(await way.find(reference(text))).toEqual({ match: "not_found" });
  });

  it("with digits finds a service request whose number has the usual prefix", async () => {
    const aCase = { subject: "Late", status: "Open", lastUpdateDate: "2026-01-01T00:00:00Z" };
    const [ada] = customers.map((one) => ({
      ...one,
      cases: [{ ...aCase, caseNumber: "SR0000012345" }],
    }));
    const { way } = await open({}, { customers: ada === undefined ? [] : [ada] });
    expect(await way.find(reference("0000012345"))).toMatchObject({ match: "found" });
  });

  it("in an attribute that cannot be queried: the cure names the variable", async () => {
    const { way } = await open({ ORACLE_REFERENCE_FIELDS: "Tier_c" });
    const failure = await way.failure(reference("000417"));
    expect(failure).toMatchObject({ kind: "misconfigured", status: 400 });
    expect(failure.cure).toContain("ORACLE_REFERENCE_FIELDS");
  });
});

describe("a number that an account has itself", () => {
  const SWITCHBOARD = phone("+15550100077");
  const environment = {
    ORACLE_ACCOUNT_PHONE_ATTRIBUTES: "RawPhoneNumber",
    ORACLE_HOME_COUNTRIES: "1",
  };
  const withNumber = (number: string) =>
    customers.map((one) => (one.customerId === "C-10" ? { ...one, accountPhones: [number] } : one));

  it("names the account and its open cases, nobody's name", async () => {
    const { way } = await open(environment, { customers: withNumber("15550100077") });
    expect(await way.find(SWITCHBOARD)).toEqual({
      match: "ambiguous",
      organisation: { name: "Acme", contacts: undefined, openCases: { count: 4, exact: true } },
    });
    expect(way.requests()).toBe(3);
  });

  it("is looked up only if no contact has it, and only by number", async () => {
    const { way } = await open(environment, { customers: withNumber("+15550199999") });
    expect(await way.find(ADA)).toMatchObject({ match: "found" });
    expect(way.requests()).toBe(2);
    expect(await way.find(email("nobody@example.com"))).toEqual({ match: "not_found" });
    expect(way.requests()).toBe(3);
  });

  it("costs nothing unless it is configured", async () => {
    const { way } = await open({}, { customers: withNumber("+15550100077") });
    expect(await way.find(SWITCHBOARD)).toEqual({ match: "not_found" });
    expect(way.requests()).toBe(1);
  });

  it("in a tenant that cannot count an account's cases: without them", async () => {
    const more = { customers: withNumber("+15550100077"), notQueryable: ["AccountPartyId"] };
    const { way } = await open(environment, more);
    expect(await way.find(SWITCHBOARD)).toMatchObject({
      organisation: { name: "Acme", openCases: undefined },
    });
  });

  it("in an attribute that cannot be queried: the cure names the variable", async () => {
    const { way } = await open(environment, { notQueryable: ["RawPhoneNumber"] });
    expect((await way.failure(SWITCHBOARD)).cure).toContain("ORACLE_ACCOUNT_PHONE_ATTRIBUTES");
  });
});

describe("a contact that is not in use", () => {
  it("does not make the living one ambiguous", async () => {
    const pair = customers.map((one) =>
      one.customerId === "C-4" ? { ...one, disabled: true } : one,
    );
    const { way } = await open({}, { customers: pair });
    const george = { match: "found", customer: { id: "C-5" } };
    expect(await way.find(phone("+4930901820"))).toMatchObject(george);
  });
});

describe("odd answers", () => {
  it("cost the field alone", async () => {
    const { way, pod } = await open();
    const contact = {
      PartyId: "1",
      PartyNumber: 417,
      ContactName: { name: "Ada" },
      AccountName: 7,
    };
    const one = {
      ...{ SrNumber: 5, Title: null, StatusCd: 3, StatusCdMeaning: { label: "Open" } },
      ...{ LastUpdateDate: 1_767_610_800_000, ClosedDate: "" },
    };
    const paths = ["contacts", "serviceRequests"].map(
      (name) => `/crmRestApi/resources/11.13.18.05/${name}`,
    );
    const bodies = [
      { items: [contact] },
      { items: [one, { SrNumber: null }, null], hasMore: "no" },
    ];
    for (const [index, body] of bodies.entries())
      pod.faults.push({ status: 200, body, match: { path: paths[index] ?? "" } });
    expect(await way.find(ADA)).toMatchObject({
      customer: { id: "417", name: "Ada", account: "7" },
      cases: [{ reference: "5", status: "Open", updatedAt: 1_767_610_800_000 }],
      openCases: { count: 1, exact: false },
    });
  });

  it("that hold more contacts than were sent are ambiguous", async () => {
    const { way, pod } = await open();
    const body = { items: [{ PartyId: "1" }], hasMore: true };
    pod.faults.push({ status: 200, body, match: { path: way.oracle.searchPath } });
    expect(await way.find(ADA)).toEqual({ match: "ambiguous" });
  });

  it("in which one contact of two has no exact id are ambiguous", async () => {
    const { way, pod } = await open();
    const body = '{"items":[{"PartyId":1.5},{"PartyId":"1"}]}';
    const headers = { "content-type": "application/json" };
    pod.faults.push({ status: 200, headers, body, match: { path: way.oracle.searchPath } });
    expect(await way.find(ADA)).toEqual({ match: "ambiguous" });
  });
});

describe("statuses", () => {
  it("are closed if the tenant configures them as closed", async () => {
    const { way } = await open({ ORACLE_CLOSED_STATUSES: "ORA_SVC_WAITING" });
    const history = await way.find(ADA);
    const cases = history.match === "found" ? history.cases.map(({ reference }) => reference) : [];
    // The waiting request counts as closed now. The resolved one has a ClosedDate.
    expect(cases).toEqual(["260101-000001"]);
  });
});

describe("a tenant in which a telephone attribute cannot be queried", () => {
  it("is misconfigured, and the cure names the variable", async () => {
    const { way } = await open({}, { notQueryable: ["RawHomePhoneNumber"] });
    const failure = await way.failure(ADA);
    expect(failure).toMatchObject({ kind: "misconfigured", code: "bad_request", status: 400 });
    expect(failure.cure).toContain("ORACLE_PHONE_ATTRIBUTES");
    const corrected = await open(
      { ORACLE_PHONE_ATTRIBUTES: "RawMobileNumber,RawWorkPhoneNumber" },
      { notQueryable: ["RawHomePhoneNumber"] },
    );
    expect(await corrected.way.find(ADA)).toMatchObject({ match: "found" });
  });

  it("is found in its description", () => {
    const attribute = (name: string, queryable: boolean) => ({ name, queryable });
    const description = {
      Resources: { contacts: { attributes: [attribute("A", true), attribute("B", false)] } },
    };
    expect(comparePhoneAttributes(description, ["A", "B", "C"])).toEqual({
      missing: ["C"],
      notQueryable: ["B"],
    });
    expect(() => comparePhoneAttributes({ title: "Unauthorized" }, ["A"])).toThrow();
  });
});

describe("ids of 18 digits", () => {
  it("are exact in the second request", async () => {
    const { way } = await open();
    // With only 53 bits of its id, the party would have no service requests.
    expect(await way.find(ADA)).toMatchObject({ cases: { length: 2 } });
  });
});
