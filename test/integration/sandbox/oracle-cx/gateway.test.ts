import axios, { type AxiosInstance } from "axios";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type OracleGatewayOptions,
  startOracleGateway,
} from "../../../../src/sandbox/simulators/oracle-cx/gateway/gateway.ts";
import type {
  CaseState,
  SandboxCase,
  SandboxCustomer,
} from "../../../../src/sandbox/simulators/oracle-cx/site/customers.ts";

const CLIENT = { clientId: "client-1", clientSecret: "s3:cret" };
const BASIC = { username: CLIENT.clientId, password: CLIENT.clientSecret };
const FORM = "grant_type=client_credentials";
const CUSTOMER_SCOPE = "oracle.service.cloud.customer.read";
const SEARCH = "/api/rest/v1/customers/search";
const CASES = "/api/rest/v1/cases";

const ADA: SandboxCustomer = {
  customerId: "C-1",
  firstName: "Ada",
  lastName: "Example",
  accountName: "Example Ltd",
  phones: ["(555) 019-9999", "+15550190001"],
  emails: ["Ada@Example.com"],
  cases: [
    aCase("1", "open", "2026-01-01T00:00:00Z"),
    aCase("2", "closed", "2026-01-04T00:00:00Z"),
    aCase("3", "active", "2026-01-03T00:00:00Z"),
    aCase("4", "open", "2026-01-02T00:00:00Z"),
  ],
};
const BOB: SandboxCustomer = {
  ...ADA,
  customerId: "C-2",
  firstName: "Bob",
  phones: ["+15550190001"],
  emails: ["bob@example.com"],
  cases: [],
};

function aCase(caseNumber: string, state: CaseState, lastUpdateDate: string): SandboxCase {
  const words = { status: `Word ${caseNumber}`, subject: `Subject ${caseNumber}` };
  return { caseNumber, ...words, state, lastUpdateDate };
}

async function start(options: Partial<OracleGatewayOptions> = {}) {
  const clock = { at: Date.parse("2026-01-05T00:00:00Z") };
  const gateway = await startOracleGateway({
    ...CLIENT,
    customers: [ADA, BOB],
    ...options,
    timing: { now: () => clock.at, ...options.timing },
  });
  onTestFinished(() => gateway.close());
  const http = axios.create({ baseURL: gateway.url, validateStatus: () => true });
  return { gateway, clock, http };
}

async function signIn(http: AxiosInstance, form = FORM): Promise<string> {
  const { data } = await http.post("/oauth/token", form, { auth: BASIC });
  return `Bearer ${data.access_token}`;
}

/** A simulator, and an HTTP client with a valid token. */
async function startSignedIn(options: Partial<OracleGatewayOptions> = {}) {
  const started = await start(options);
  started.http.defaults.headers.common.authorization = await signIn(started.http);
  return started;
}

function searchFor(...searchFields: { field: string; value: string }[]) {
  return { searchFields, limit: 2, fields: ["customerId", "firstName"] };
}

function byPhone(value: string) {
  return searchFor({ field: "phone", value });
}

const CASE_QUERY = {
  customerId: "C-1",
  status: "open,active",
  fields: "caseNumber,subject,status,lastUpdateDate",
  limit: "10",
  offset: "0",
};

describe("POST /oauth/token", () => {
  it("issues a token that expires", async () => {
    const { http, clock } = await start({ timing: { tokenLifeSeconds: 60 } });
    const form = `${FORM}&scope=${CUSTOMER_SCOPE}+oracle.service.cloud.history.read`;
    const { data } = await http.post("/oauth/token", form, { auth: BASIC });
    expect(data).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 60,
    });
    const headers = { authorization: `Bearer ${data.access_token}` };
    clock.at += 59_999;
    expect((await http.post(SEARCH, byPhone("x"), { headers })).status).toBe(200);
    clock.at += 1;
    const answer = await http.post(SEARCH, byPhone("x"), { headers });
    expect([answer.status, answer.data]).toEqual([
      401,
      { error: "invalid_token", error_description: "The access token expired" },
    ]);
    expect(answer.headers["www-authenticate"]).toContain('Bearer realm="gateway"');
  });

  it.each([
    ["an unknown client", { username: "other", password: "s3:cret" }],
    ["a wrong secret", { username: "client-1", password: "s3" }],
    ["no client", undefined],
  ])("refuses %s", async (_, auth) => {
    const { http } = await start();
    const answer = await http.post("/oauth/token", FORM, auth === undefined ? {} : { auth });
    expect([answer.status, answer.data]).toEqual([
      401,
      { error: "invalid_client", error_description: "Client authentication failed" },
    ]);
    expect(answer.headers["www-authenticate"]).toMatch(/^Basic /);
  });

  it.each([
    ["an unknown scope", `${FORM}&scope=${CUSTOMER_SCOPE}+admin`, "invalid_scope"],
    ["another grant type", "grant_type=password", "unsupported_grant_type"],
    ["no grant type", `scope=${CUSTOMER_SCOPE}`, "invalid_request"],
    ["JSON", { grant_type: "client_credentials" }, "invalid_request"],
  ])("refuses %s with 400", async (_, body, error) => {
    const { http } = await start();
    const answer = await http.post("/oauth/token", body, { auth: BASIC });
    expect([answer.status, answer.data.error]).toEqual([400, error]);
  });
});

describe("the bearer token", () => {
  it("is required", async () => {
    const { http } = await start();
    for (const answer of [await http.post(SEARCH, byPhone("x")), await http.get(CASES)]) {
      expect([answer.status, answer.data.error]).toEqual([401, "unauthorized"]);
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="gateway"');
    }
  });

  it("is refused once it is revoked", async () => {
    const { http, gateway } = await startSignedIn();
    gateway.revokeTokens();
    const answer = await http.post(SEARCH, byPhone("x"));
    expect([answer.status, answer.data.error]).toEqual([401, "invalid_token"]);
  });

  it("permits only the operations of its scope", async () => {
    const { http } = await start();
    const authorization = await signIn(http, `${FORM}&scope=${CUSTOMER_SCOPE}`);
    http.defaults.headers.common.authorization = authorization;
    expect((await http.post(SEARCH, byPhone("x"))).status).toBe(200);
    const answer = await http.get(CASES, { params: CASE_QUERY });
    expect([answer.status, answer.data.error]).toEqual([403, "insufficient_scope"]);
  });
});

describe("POST customers/search", () => {
  it.each([
    ["a phone as it is stored", [{ field: "phone", value: "(555) 019-9999" }], ["C-1"]],
    ["no phone in another format", [{ field: "phone", value: "+15550199999" }], []],
    ["an email in either case", [{ field: "email", value: "ADA@example.COM" }], ["C-1"]],
    [
      "a customer once, whichever fields match",
      [
        { field: "phone", value: "(555) 019-9999" },
        { field: "phone", value: "5550199999" },
        { field: "email", value: "ada@example.com" },
      ],
      ["C-1"],
    ],
    ["all who share a phone", [{ field: "phone", value: "+15550190001" }], ["C-1", "C-2"]],
  ])("finds %s", async (_, fields, ids) => {
    const { http } = await startSignedIn();
    const answer = await http.post(SEARCH, searchFor(...fields));
    expect(answer.status).toBe(200);
    expect(answer.data.totalCount).toBe(ids.length);
    expect(answer.data.items.map((item: SandboxCustomer) => item.customerId)).toEqual(ids);
  });

  it("returns the requested fields, and the total number", async () => {
    const { http } = await startSignedIn();
    const search = { ...byPhone("+15550190001"), limit: 1, fields: ["firstName", "accountName"] };
    const answer = await http.post(SEARCH, search);
    expect(answer.data).toEqual({
      totalCount: 2,
      items: [{ firstName: "Ada", accountName: "Example Ltd" }],
    });
  });

  it.each([
    ["no fields", { ...byPhone("x"), fields: undefined }],
    ["an empty list of fields", { ...byPhone("x"), fields: [] }],
    ["billingAddress", { ...byPhone("x"), fields: ["customerId", "billingAddress"] }],
    ["creditCardNumber", { ...byPhone("x"), fields: ["creditCardNumber"] }],
    ["no limit", { ...byPhone("x"), limit: undefined }],
    ["a limit of 0", { ...byPhone("x"), limit: 0 }],
    ["a limit of 101", { ...byPhone("x"), limit: 101 }],
    ["no search fields", searchFor()],
    ["a field that cannot be searched", searchFor({ field: "name", value: "Ada" })],
    ["an empty value", byPhone("")],
    ["an unknown member", { ...byPhone("x"), orderBy: "name" }],
    ["null", "null"],
  ])("refuses %s with 400", async (_, body) => {
    const { http, gateway } = await startSignedIn();
    const headers = { "content-type": "application/json" };
    const answer = await http.post(SEARCH, body, { headers });
    expect([answer.status, answer.data.error]).toEqual([400, "invalid_request"]);
    expect(gateway.searchesFor("x")).toBe(0);
  });

  it("refuses invalid JSON, another content type, and a body that is too long", async () => {
    const { http } = await startSignedIn();
    const json = { headers: { "content-type": "application/json" } };
    const broken = await http.post(SEARCH, "{", { ...json, transformRequest: (text) => text });
    expect([broken.status, broken.data.error]).toEqual([400, "invalid_request"]);
    const text = { headers: { "content-type": "text/plain" } };
    const plain = await http.post(SEARCH, JSON.stringify(byPhone("x")), text);
    expect([plain.status, plain.data.error]).toEqual([415, "unsupported_media_type"]);
    const long = await http.post(SEARCH, byPhone("x".repeat(100_000)), json);
    expect([long.status, long.data.error]).toEqual([413, "request_too_large"]);
  });
});

describe("GET cases", () => {
  it("returns cases of the requested statuses with the requested fields, newest first", async () => {
    const { http } = await startSignedIn();
    const params = { ...CASE_QUERY, fields: "caseNumber,status" };
    expect((await http.get(CASES, { params })).data).toEqual({
      totalCount: 3,
      items: [
        { caseNumber: "3", status: "Word 3" },
        { caseNumber: "4", status: "Word 4" },
        { caseNumber: "1", status: "Word 1" },
      ],
      hasMore: false,
    });
  });

  it("returns pages", async () => {
    const { http } = await startSignedIn();
    const pages = [];
    for (const offset of [0, 2, 4]) {
      const params = { ...CASE_QUERY, status: "open,active,closed", limit: 2, offset };
      const { data } = await http.get(CASES, { params });
      expect(data.totalCount).toBe(4);
      const numbers = data.items.map(({ caseNumber }: { caseNumber: string }) => caseNumber);
      pages.push([numbers, data.hasMore]);
    }
    expect(pages).toEqual([
      [["2", "3"], true],
      [["4", "1"], false],
      [[], false],
    ]);
  });

  it("returns no cases for an unknown customer", async () => {
    const { http } = await startSignedIn();
    const params = { ...CASE_QUERY, customerId: "C-3" };
    const answer = await http.get(CASES, { params });
    expect(answer.data).toEqual({ totalCount: 0, items: [], hasMore: false });
  });

  it.each([
    ["no customer", { customerId: undefined }],
    ["no status", { status: undefined }],
    ["an unknown status", { status: "open,solved" }],
    ["no fields", { fields: undefined }],
    ["an unknown field", { fields: "caseNumber,notes" }],
    ["a limit of 0", { limit: "0" }],
    ["a limit that is not a number", { limit: "ten" }],
    ["a negative offset", { offset: "-1" }],
    ["an unknown parameter", { sort: "asc" }],
  ])("refuses %s with 400", async (_, change) => {
    const { http } = await startSignedIn();
    const answer = await http.get(CASES, { params: { ...CASE_QUERY, ...change } });
    expect([answer.status, answer.data.error]).toEqual([400, "invalid_request"]);
  });

  it("refuses a repeated parameter, and another method", async () => {
    const { http } = await startSignedIn();
    const twice = await http.get(`${CASES}?customerId=C-1`, { params: CASE_QUERY });
    expect(twice.status).toBe(400);
    expect((await http.post(CASES, {})).status).toBe(404);
  });
});

describe("too many concurrent requests", () => {
  it.each([
    { overload: undefined, status: 503, retryAfter: "1" },
    { overload: { status: 429, retryAfterSeconds: 9 }, status: 429, retryAfter: "9" },
  ] as const)("get $status until one has ended", async ({ overload, status, retryAfter }) => {
    const { http, gateway } = await startSignedIn({
      maxConcurrent: 1,
      ...(overload === undefined ? {} : { overload }),
    });
    gateway.faults.push({ kind: "hang", processed: true });
    const abort = new AbortController();
    const first = http.post(SEARCH, byPhone("first"), { signal: abort.signal });
    await gateway.waitFor(({ values }) => values?.includes("first") === true);
    expect(gateway.inProgress).toBe(1);
    const refused = await http.post(SEARCH, byPhone("second"));
    expect(refused.status).toBe(status);
    expect(refused.headers["retry-after"]).toBe(retryAfter);
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: "ERR_CANCELED" });
    await vi.waitUntil(() => gateway.inProgress === 0);
    for (const value of ["third", "fourth"]) {
      expect((await http.post(SEARCH, byPhone(value))).status).toBe(200);
    }
    const { overloaded, inProgress, peakInProgress } = gateway;
    expect({ overloaded, inProgress, peakInProgress }).toEqual({
      overloaded: 1,
      inProgress: 0,
      peakInProgress: 1,
    });
  });
});

describe("faults and counts", () => {
  it("a fault is applied once", async () => {
    const { http, gateway } = await startSignedIn();
    gateway.faults.push(
      { match: { path: SEARCH }, kind: "empty", status: 200 },
      { match: { path: SEARCH }, status: 429, headers: { "retry-after": "3" } },
      { match: { method: "get", path: CASES }, kind: "reset" },
    );
    const empty = await http.post(SEARCH, byPhone("x"));
    expect([empty.status, empty.data]).toEqual([200, ""]);
    expect((await http.post(SEARCH, byPhone("x"))).headers["retry-after"]).toBe("3");
    await expect(http.get(CASES, { params: CASE_QUERY })).rejects.toThrow();
    expect((await http.post(SEARCH, byPhone("x"))).status).toBe(200);
    expect(gateway.faults.left).toBe(0);
    expect(gateway.calls.slice(1).map(({ fault, status }) => [fault, status])).toEqual([
      ["empty", 200],
      ["answer", 429],
      ["reset", undefined],
      [undefined, 200],
    ]);
  });

  it("requests are counted by kind, value and customer", async () => {
    const { http, gateway } = await startSignedIn();
    const fields = ["+15550199999", "(555) 019-9999"].map((value) => ({ field: "phone", value }));
    await http.post(SEARCH, searchFor(...fields.slice(0, 1)));
    await http.post(SEARCH, searchFor(...fields));
    await http.get(CASES, { params: CASE_QUERY });
    await http.get("/api/rest/v1/contacts");
    expect(gateway.counts).toEqual({ token: 1, search: 2, cases: 1, other: 1 });
    expect(gateway.searchesFor("+15550199999")).toBe(2);
    expect(gateway.searchesFor("(555) 019-9999")).toBe(1);
    expect([gateway.casePagesOf("C-1"), gateway.casePagesOf("C-2")]).toEqual([1, 0]);
    const [call] = await gateway.waitFor(({ customerId }) => customerId === "C-1");
    expect(call).toMatchObject({ kind: "cases", path: CASES, status: 200 });
  });
});
