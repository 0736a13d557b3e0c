import { describe, expect, it } from "vitest";
import { comparePhoneAttributes } from "../../../src/oracle/fusion/phone-attributes.ts";
import { parseExactly } from "../../../src/resilience/http/exact-json.ts";
import {
  type OracleFusion,
  startOracleFusion,
} from "../../../src/sandbox/simulators/oracle-cx/fusion/fusion.ts";
import { type DialectFixture, openWay, phone } from "../../support/oracle-contract.ts";

const ADA = phone("+15550199999");

/** A simulated pod, and the way to it. */
async function open(
  environment: Record<string, string> = {},
  more: { notQueryable?: readonly string[] } = {},
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

  it("is the allow-list and nothing else", async () => {
    const { way, pod } = await open({ INCLUDE_CUSTOMER_NAME: "false" });
    await way.find(ADA);
    expect([...pod.fetched].toSorted()).toEqual(
      [...always, ...requests, "LastUpdateDate", "ClosedDate"].toSorted(),
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
  it("are read exactly", () => {
    const text = '{"id":300000000000001101,"small":42,"half":1.5,"big":1e300,"text":"7"}';
    expect(parseExactly(text)).toEqual({
      id: "300000000000001101",
      small: 42,
      half: 1.5,
      big: 1e300,
      text: "7",
    });
    expect(JSON.parse(text).id).not.toBe("300000000000001101");
  });

  it("are exact in the second request", async () => {
    const { way } = await open();
    // With only 53 bits of its id, the party would have no service requests.
    expect(await way.find(ADA)).toMatchObject({ cases: { length: 2 } });
  });
});
