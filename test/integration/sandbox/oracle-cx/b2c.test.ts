import axios, { type AxiosInstance } from "axios";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type OracleB2cOptions,
  startOracleB2c,
} from "../../../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import type { SandboxCustomer } from "../../../../src/sandbox/simulators/oracle-cx/site/customers.ts";

const CLIENT = { clientId: "client-1", clientSecret: "s3:cret" };
const PATH = "/services/rest/connect/v1.4/queryResults";
const CONTEXT = { "osvc-crest-application-context": "test" };
const TOKEN = "osvc-crest-api-access-token";

const ADA: SandboxCustomer = {
  customerId: "C-1",
  firstName: "Ada",
  lastName: "O'Example",
  accountName: "Example Ltd",
  phones: ["(555) 019-9999", "+1 555 019 0001"],
  emails: ["Ada@Example.com", "ada@example.org"],
  cases: [
    {
      caseNumber: "260101-000001",
      subject: "Old",
      status: "Open",
      lastUpdateDate: "2026-01-01T00:00:00Z",
      custom: { "CustomFields.c.level": "Gold" },
    },
    {
      caseNumber: "260102-000002",
      subject: "New",
      status: "Waiting",
      state: "active",
      lastUpdateDate: "2026-01-02T00:00:00Z",
    },
    {
      caseNumber: "260103-000003",
      subject: "Done",
      status: "Solved",
      state: "closed",
      lastUpdateDate: "2026-01-03T00:00:00Z",
    },
  ],
};
const BOB: SandboxCustomer = { ...ADA, customerId: "C-2", firstName: "Bob", emails: [], cases: [] };

async function start(options: Partial<OracleB2cOptions> = {}) {
  const site = await startOracleB2c({ ...CLIENT, customers: [ADA, BOB], ...options });
  onTestFinished(() => site.close());
  const http = axios.create({ baseURL: site.url, validateStatus: () => true, headers: CONTEXT });
  const auth = { username: CLIENT.clientId, password: CLIENT.clientSecret };
  const form = "grant_type=client_credentials";
  const { data } = await http.post("/oauth2/v1/token", form, { auth });
  http.defaults.headers.common.authorization = `Bearer ${data.access_token}`;
  return { site, http };
}

function ask(http: AxiosInstance, roql: string, headers: Record<string, string> = {}) {
  return http.get(`${PATH}?query=${encodeURIComponent(roql)}`, { headers });
}

/** The rows of each statement, or the status and error code of a refusal. */
async function rows(http: AxiosInstance, roql: string) {
  const { status, data } = await ask(http, roql);
  if (status !== 200) return [status, data["o:errorCode"]];
  return data.items.map((item: { rows: unknown }) => item.rows);
}

describe("the login", () => {
  it.each([
    ["none", undefined],
    ["an unknown token", "Bearer x"],
    ["Basic of an unknown user", `Basic ${btoa("ada:pass")}`],
  ])("%s: 401", async (_, authorization) => {
    const { http, site } = await start();
    http.defaults.headers.common.authorization = authorization;
    const answer = await ask(http, "SELECT ID FROM Contacts");
    expect(answer.status).toBe(401);
    expect(site.queries).toEqual([]);
  });

  it("Basic of a known user: 200", async () => {
    const { http } = await start({ basic: "ada:pass" });
    http.defaults.headers.common.authorization = `Basic ${btoa("ada:pass")}`;
    expect((await ask(http, "SELECT ID FROM Contacts")).status).toBe(200);
  });
});

describe("the headers", () => {
  const QUERY = "SELECT ID FROM Contacts";

  it.each([
    ["no application context", { "osvc-crest-application-context": undefined }, "00006"],
    ["an empty one", { "osvc-crest-application-context": "" }, "00006"],
    ["one of 41 characters", { "osvc-crest-application-context": "x".repeat(41) }, "00006"],
    ["any language", { "accept-language": "*" }, "00017"],
    ["another language", { "accept-language": "de-DE" }, "00017"],
    ["an unknown access token", { [TOKEN]: "made up" }, "00006"],
  ])("%s: 400", async (_, headers, code) => {
    const { http } = await start();
    const answer = await ask(http, QUERY, headers as Record<string, string>);
    expect([answer.status, answer.data["o:errorCode"]]).toEqual([400, `OSC-CREST-${code}`]);
  });

  it("the interface's language and no language are accepted", async () => {
    const { http } = await start({ language: "de-DE" });
    expect((await ask(http, QUERY, { "accept-language": "de-DE" })).status).toBe(200);
    expect((await ask(http, QUERY)).status).toBe(200);
  });

  it("counts requests without the access token, and requests that are too early", async () => {
    let at = 0;
    const { http, site } = await start({ nextRequestAfterMs: 500, timing: { now: () => at } });
    const first = await ask(http, QUERY);
    expect(first.headers["osvc-crest-next-request-after"]).toBe("500");
    at = 499;
    await ask(http, QUERY, { [TOKEN]: first.headers[TOKEN] });
    expect([site.withoutAccessToken, site.tooEarly]).toEqual([0, 1]);
    at = 999;
    await ask(http, QUERY);
    expect([site.withoutAccessToken, site.tooEarly]).toEqual([1, 1]);
  });
});

describe("a query", () => {
  it("answers one table per statement, with text cells and the last names of paths as columns", async () => {
    const { http } = await start();
    const { data } = await ask(
      http,
      "SELECT C.ID, C.Name.Last FROM Contacts C WHERE C.ID = 1;" +
        "select I.ID, I.StatusWithType.StatusType.ID, I.ClosedTime from INCIDENTS I LIMIT 1",
    );
    expect(data).toEqual({
      items: [
        {
          tableName: "contacts",
          count: 1,
          columnNames: ["id", "last"],
          rows: [["1", "O'Example"]],
        },
        {
          tableName: "incidents",
          count: 1,
          columnNames: ["id", "id", "closedtime"],
          rows: [["1000", "1", null]],
        },
      ],
      links: [],
    });
  });

  it.each<[string, unknown]>([
    // A list in the query gives one row per member.
    ["SELECT ID FROM Contact", [[["1"], ["2"]]]],
    ["SELECT ID FROM Contacts;", [[["1"], ["2"]]]],
    [
      "SELECT Phones.Number, Phones.RawNumber, Disabled FROM Contacts WHERE ID = 1",
      [
        [
          ["(555) 019-9999", "5550199999", "0"],
          ["+1 555 019 0001", "15550190001", "0"],
        ],
      ],
    ],
    ["SELECT ID FROM Contacts WHERE Phones.RawNumber = '5550199999'", [[["1"], ["2"]]]],
    [
      "SELECT ID FROM Contacts WHERE ID = 1 AND Phones.RawNumber IN ('5550199999','15550190001')",
      [[["1"], ["1"]]],
    ],
    ["SELECT ID FROM Contacts WHERE Phones.RawNumber = '(555) 019-9999'", [[]]],
    ["SELECT ID FROM Contacts WHERE Emails.Address = 'ADA@example.com'", [[["1"]]]],
    ["SELECT ID FROM Contacts WHERE Name.Last = 'O''Example' LIMIT 1 OFFSET 1", [[["2"]]]],
    [
      "SELECT Subject FROM Incidents WHERE StatusWithType.StatusType.ID != 2 ORDER BY UpdatedTime DESC",
      [[["New"], ["Old"]]],
    ],
    ["SELECT Subject FROM Incidents WHERE ClosedTime IS NOT NULL", [[["Done"]]]],
    [
      "SELECT Subject FROM Incidents WHERE PrimaryContact.ParentContact.Emails.Address = 'ada@example.org' AND ID = 1001",
      [[["New"]]],
    ],
    ["SELECT CustomFields.c.level FROM Incidents WHERE ID = 1000", [[["Gold"]]]],
  ])("%s", async (roql, expected) => {
    const { http } = await start({ customFields: ["CustomFields.c.level"] });
    expect(await rows(http, roql)).toEqual(expected);
  });

  it.each([
    "SELECT",
    "SELECT * FROM Contacts",
    "SELECT ID FROM Accounts",
    "SELECT Password FROM Contacts",
    "SELECT CustomFields.c.level FROM Incidents",
    "SELECT ID FROM Contacts WHERE Name.Last = 'O'Example'",
    "SELECT ID FROM Contacts WHERE Name.Last = 'open",
    "SELECT ID FROM Contacts WHERE ID",
    "SELECT LIMIT FROM Contact",
    "SELECT ID, Order FROM Contact",
    "SELECT ID FROM Contacts;;",
    "SELECT ID FROM Contacts -- all",
    "UPDATE Contacts SET ID = 1",
  ])("%s: 400", async (roql) => {
    const { http } = await start();
    expect(await rows(http, roql)).toEqual([400, "OSC-CREST-00007"]);
  });

  it("an unknown path: 400 for the whole query", async () => {
    const { http } = await start({ phonesThroughContact: false });
    const where = "PrimaryContact.ParentContact.Phones.RawNumber = '1'";
    const roql = `SELECT ID FROM Contacts;SELECT ID FROM Incidents WHERE ${where}`;
    expect(await rows(http, roql)).toEqual([400, "OSC-CREST-00007"]);
  });

  it("a refused column: 400, but conditions may name it", async () => {
    const { http } = await start({ refusedColumns: ["Phones.RawNumber"] });
    const where = "WHERE Phones.RawNumber = '15550190001' AND ID = 1";
    expect(await rows(http, `SELECT ID FROM Contacts ${where}`)).toEqual([[["1"]]]);
    const refused = `SELECT ID, Phones.RawNumber FROM Contacts ${where}`;
    expect(await rows(http, refused)).toEqual([400, "OSC-CREST-00007"]);
  });

  it("DELETE is run", async () => {
    const { http, site } = await start();
    await ask(
      http,
      "SELECT ID FROM Contacts;DELETE FROM incidents WHERE ID > 0".replace(">", "!="),
    );
    expect(site.deletes).toBe(1);
  });

  it.each([
    ["a plus for a space", `${PATH}?query=SELECT+ID+FROM+Contacts`, 400],
    ["a broken escape", `${PATH}?query=%E0%A4%A`, 400],
    ["no query", PATH, 400],
    ["an unknown parameter", `${PATH}?query=SELECT%20ID%20FROM%20Contacts&limit=1`, 400],
    ["a URL that is too long", `${PATH}?query=${"x".repeat(4_100)}`, 414],
    ["another version", PATH.replace("1.4", "1.3"), 404],
    ["another resource", "/services/rest/connect/v1.4/contacts", 404],
  ])("%s: %#", async (_, path, status) => {
    const { http } = await start();
    const answer = await http.get(path);
    expect(answer.status).toBe(status);
    expect(answer.data).toMatchObject({ status, "o:errorCode": expect.stringMatching(/^OSC-/) });
  });
});

it("more concurrent requests than the pool has connections: 503 with Oracle's code", async () => {
  let latencyMs = 0;
  const { http, site } = await start({ maxConcurrent: 1, timing: { latencyMs: () => latencyMs } });
  latencyMs = 60_000;
  const slow = new AbortController();
  const first = http.get(`${PATH}?query=SELECT%20ID%20FROM%20Contacts`, { signal: slow.signal });
  await site.waitFor(({ kind }) => kind === "search");
  const { status, data } = await ask(http, "SELECT ID FROM Contacts");
  expect([status, data["o:errorCode"]]).toEqual([503, "OSC-CREST-00035"]);
  expect(site.overloaded).toBe(1);
  slow.abort();
  await expect(first).rejects.toThrow("canceled");
});
